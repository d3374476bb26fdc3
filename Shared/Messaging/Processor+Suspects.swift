import Foundation

extension Processor {
    /// Handles messages among which may be one that kills the process: those that were begun before and never ended run
    /// alone, and after the third try such a message is parked unread. Its neighbours lose nothing.
    func processWarily(_ envelopes: [Envelope], from source: Origin) async throws {
        let tries = try await suspects.tries(of: envelopes.map(\.id))
        try await attempt(envelopes.filter { tries[$0.id] == nil }, from: source)
        for envelope in envelopes {
            guard let tries = tries[envelope.id] else { continue }
            if tries < Suspects.patience {
                try await attempt([envelope], from: source)
            } else {
                let reason = Unreadable(code: "kills-process", detail: "Begun \(tries) times, and the process died.")
                try await parking.park([Parking.Letter(envelope, reason)], from: source)
                try await suspects.acquit([envelope.id])
            }
        }
    }

    private func attempt(_ envelopes: [Envelope], from source: Origin) async throws {
        guard !envelopes.isEmpty else { return }
        let ids = envelopes.map(\.id)
        try await suspects.note(ids)
        do {
            try await process(envelopes, from: source)
        } catch {
            // It ended, if not well: also when it was this task that was cancelled.
            await Task { try? await suspects.acquit(ids) }.value
            throw error
        }
        try await suspects.acquit(ids)
    }

    private var suspects: Suspects { Suspects(database: database) }
}
