import Foundation

extension Processor {
    /// Handles messages among which may be one that kills the process, in their order: those that were begun before and
    /// never ended run alone, and after the third try such a message is parked unread. Its neighbours lose nothing.
    func processWarily(_ envelopes: [Envelope], from source: Origin) async throws {
        let tries = try await suspects.tries(of: envelopes.map(\.id))
        var others: [Envelope] = []
        for envelope in envelopes {
            guard let tries = tries[envelope.id] else {
                others.append(envelope)
                continue
            }
            try await attempt(others, from: source)
            others = []
            if tries < Suspects.patience {
                try await attempt([envelope], from: source)
            } else {
                let reason = Unreadable(code: "kills-process", detail: "Begun \(tries) times, and the process died.")
                try await parking.park([Parking.Letter(envelope, reason)], from: source)
                try await suspects.acquit([envelope.id])
            }
        }
        try await attempt(others, from: source)
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
