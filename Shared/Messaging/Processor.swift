import Contracts
package import Foundation
import Logging
import Metrics
import Postgres

/// Runs a handler's three steps in one transaction, whatever the messages came from.
///
/// Guarantee: a message's effects, its outgoing events, its timers and the note that it was handled are committed
/// together or not at all, and a message that cannot be handled costs only itself.
package struct Processor<Handler: EventHandler>: Sendable {
    let service: ServiceName
    let handler: Handler
    let database: PostgresClient
    let relay: Wakeup
    let timers: Wakeup
    let now: @Sendable () -> Date
    let logger: Logger

    /// Handles messages that came together. Returns once they are committed: handled, put off or parked.
    ///
    /// - Throws: only what is worth trying again as a whole: the database is away or busy.
    package func process(_ envelopes: [Envelope], from source: Origin, attempts: [UUID: Int] = [:]) async throws {
        guard !envelopes.isEmpty else { return }
        do {
            let batch = Batch<Handler.Input>(envelopes, source: source, attempts: attempts, now: now())
            try await database.transaction { transaction in
                try await handle(batch, in: transaction)
            }
            relay.wake()
            timers.wake()
        } catch let error where Self.isWorthRetrying(error) {
            throw error
        } catch let error where envelopes.count == 1 {
            try await park(envelopes, from: source, because: error)
        } catch {
            // Somewhere in here is a message that the database refuses. Halve until it stands alone.
            let middle = envelopes.count / 2
            try await process(Array(envelopes[..<middle]), from: source, attempts: attempts)
            try await process(Array(envelopes[middle...]), from: source, attempts: attempts)
        }
    }

    /// Carries out a command from HTTP through the same three steps.
    ///
    /// - Parameter key: an idempotency key; a command whose key was seen before does nothing and returns [].
    /// - Throws: ``Refusal`` when the handler says no, `PostgresError` when the database cannot.
    @discardableResult
    package func perform(
        _ command: Handler.Input, key: UUID? = nil, correlation: UUID? = nil, trace: TraceContext = .root()
    ) async throws -> [Outgoing] {
        let message = Message(
            id: key ?? .v7(), body: command, handledAt: now(), correlation: correlation, trace: trace)
        let envelope = Envelope(id: message.id, type: "command", data: Data(), correlation: correlation, trace: trace)
        let outgoing = try await database.transaction { transaction -> [Outgoing] in
            let source: Origin = key == nil ? .handler : .inbox
            guard try await Inbox(transaction: transaction).claim([envelope], from: source).contains(message.id) else {
                return []
            }
            var state = try await handler.load([message], in: transaction)
            let outgoing = try handler.decide(message, &state)
            try await handler.save(state, in: transaction)
            var effects = Effects()
            try effects.add(outgoing, of: envelope, at: message.handledAt)
            effects.write(to: transaction)
            return outgoing
        }
        relay.wake()
        timers.wake()
        return outgoing
    }

    /// Sets messages aside that never became an ``Envelope``.
    package func park(_ messages: [Parked]) async throws {
        try await database.transaction { Waiting(transaction: $0).park(messages) }
        for message in messages { log(message) }
    }

    private func handle(_ batch: Batch<Handler.Input>, in transaction: Transaction) async throws {
        let inbox = Inbox(transaction: transaction)
        let fresh = batch.fresh(try await inbox.claim(batch.envelopes, from: batch.source))
        count(batch.envelopes.count, fresh: fresh.messages.count + fresh.unreadable.count)
        guard !fresh.isEmpty else { return }

        var effects = Effects()
        for (envelope, reason) in fresh.unreadable {
            effects.parked.append(Parked(envelope, code: reason.code, detail: reason.detail))
        }
        if !fresh.messages.isEmpty {
            var state = try await handler.load(fresh.messages.map(\.message), in: transaction)
            for (envelope, message) in fresh.messages {
                var attempt = state
                do {
                    let outgoing = try handler.decide(message, &attempt)
                    state = attempt
                    try effects.add(outgoing, of: envelope, at: message.handledAt)
                } catch let refusal as Refusal {
                    effects.put(off: envelope, because: refusal, attempts: batch.attempts[envelope.id, default: 0] + 1)
                }
            }
            try await handler.save(state, in: transaction)
        }
        effects.write(to: transaction)
        if batch.source == .inbox || batch.source == .retries {
            inbox.mark(effects.parked.map(\.id), .parked)
            inbox.mark(effects.retries.map(\.envelope.id), .retrying)
        }
        if batch.source == .retries {
            let settled = Set(effects.parked.map(\.id)).union(effects.retries.map(\.envelope.id))
            inbox.mark(fresh.messages.map(\.envelope.id).filter { !settled.contains($0) }, .handled)
        }
        for message in effects.parked { log(message) }
    }

    /// The last resort for one message that the database itself refuses.
    private func park(_ envelopes: [Envelope], from source: Origin, because error: any Error) async throws {
        let parked = envelopes.map { Parked($0, code: "database-refused", detail: "\(error)") }
        try await database.transaction { transaction in
            let inbox = Inbox(transaction: transaction)
            _ = try await inbox.claim(envelopes, from: source)
            Waiting(transaction: transaction).park(parked)
            inbox.mark(parked.map(\.id), .parked)
        }
        for message in parked { log(message) }
    }

    private static func isWorthRetrying(_ error: any Error) -> Bool {
        if let error = error as? PostgresError { return error.isTransient }
        return error is CancellationError
    }

    private func count(_ received: Int, fresh: Int) {
        let dimensions = [("service", service.rawValue)]
        Counter(label: "inbox_fresh_total", dimensions: dimensions).increment(by: fresh)
        Counter(label: "inbox_duplicate_total", dimensions: dimensions).increment(by: received - fresh)
        Recorder(label: "batch_size", dimensions: dimensions).record(received)
    }

    private func log(_ message: Parked) {
        Counter(label: "parked_total", dimensions: [("service", service.rawValue), ("code", message.code)]).increment()
        logger.error(
            "message parked",
            metadata: ["message": "\(message.id)", "type": "\(message.type)", "code": "\(message.code)"])
    }
}
