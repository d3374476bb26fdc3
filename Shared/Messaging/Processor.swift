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
    let handler: Handler
    private(set) var database: PostgresClient
    private(set) var parking: Parking
    let relay: Wakeup
    let timers: Wakeup
    let now: @Sendable () -> Date

    /// The same with other connections.
    func on(_ database: PostgresClient) -> Self {
        var processor = self
        processor.database = database
        processor.parking = parking.on(database)
        return processor
    }

    /// Handles messages that came together. Returns once they are committed: handled, put off or parked.
    ///
    /// - Throws: only what is worth trying again as a whole: the database is away or busy.
    package func process(_ envelopes: [Envelope], from source: Origin) async throws {
        try await process(batch(envelopes, from: source))
    }

    /// Reads the messages of a batch. That needs no database, so it can be done while another batch has it.
    func batch(_ envelopes: [Envelope], from source: Origin) -> Batch<Handler.Input> {
        Batch(envelopes, source: source)
    }

    func process(_ batch: Batch<Handler.Input>) async throws {
        let (envelopes, source) = (batch.envelopes, batch.source)
        guard !envelopes.isEmpty else { return }
        do {
            let summary = try await database.transaction { try await handle(batch, in: $0) }
            count(envelopes.count, fresh: summary.fresh)
            parking.report(summary.parked)
            relay.wake()
            timers.wake()
        } catch let error as PostgresError where error.mayPass {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            guard envelopes.count > 1 else { return try await park(envelopes, from: source, because: error) }
            // Somewhere in here is a message that the database refuses. Halve until it stands alone.
            let middle = envelopes.count / 2
            try await process(Array(envelopes[..<middle]), from: source)
            try await process(Array(envelopes[middle...]), from: source)
        }
    }

    private func park(_ envelopes: [Envelope], from source: Origin, because error: any Error) async throws {
        let code = error is PostgresError ? "database-refused" : "not-handled"
        let reason = Unreadable(code: code, detail: "\(error)")
        try await parking.park(envelopes.map { Parking.Letter($0, reason) }, from: source)
    }

    /// Carries out a command from HTTP through the same three steps.
    ///
    /// - Parameter key: an idempotency key; a command whose key was seen before does nothing and returns [].
    /// - Throws: ``Refusal`` when the handler says no, `PostgresError` when the database cannot.
    @discardableResult
    package func perform(
        _ command: Handler.Input, key: UUID? = nil, correlation: UUID? = nil, trace: TraceContext = .root()
    ) async throws -> [Outgoing] {
        // Whatever a client chooses as its key, it is no message's id.
        let id = key.map { UUID.v5("command", $0.uuidString) } ?? .v7()
        let message = Message(id: id, body: command, handledAt: now(), correlation: correlation, trace: trace)
        let envelope = Envelope(id: id, type: "command", data: Data(), correlation: correlation, trace: trace)
        let outgoing = try await database.transaction { transaction -> [Outgoing] in
            let source: Origin = key == nil ? .handler : .inbox
            guard try await Inbox(transaction: transaction).claim([envelope], from: source).contains(id) else {
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

    /// What of a batch was handled here, and what of that was set aside.
    private struct Summary {
        var fresh = 0
        var parked: [Parked] = []
    }

    private func handle(_ batch: Batch<Handler.Input>, in transaction: Transaction) async throws -> Summary {
        let inbox = Inbox(transaction: transaction)
        let now = self.now()
        // Handlers lock what they load and then set and cancel timers. Who handles a timer or a retry takes the locks in
        // the same order, or the two would deadlock: it claims the row last.
        var part: Batch<Handler.Input>.Part
        if batch.source.isOwnTable {
            part = batch.part(Set(batch.envelopes.map(\.id)), at: now)
        } else {
            part = batch.part(try await inbox.claim(batch.envelopes, from: batch.source), at: now)
        }
        var state: Handler.State?
        if !part.messages.isEmpty {
            state = try await handler.load(part.messages.map(\.message), in: transaction)
        }
        if batch.source.isOwnTable {
            part = batch.part(try await inbox.claim(batch.envelopes, from: batch.source), at: now)
        }
        guard part.count > 0 else { return Summary() }

        var effects = Effects()
        for (envelope, reason) in part.unreadable { effects.park(envelope, reason) }
        if var state, !part.messages.isEmpty {
            try decide(part, &state, &effects, attempts: batch.source.attempts)
            try await handler.save(state, in: transaction)
        }
        effects.write(to: transaction)
        note(part, effects, inbox, batch.source)
        return Summary(fresh: part.count, parked: effects.parked)
    }

    /// Decides in place, for a copy of the state before each message costs more than all the deciding. What a refused
    /// message left in it is undone by deciding anew, from the last copy, what was accepted since.
    private func decide(
        _ part: Batch<Handler.Input>.Part, _ state: inout Handler.State, _ effects: inout Effects,
        attempts: (UUID) -> Int
    ) throws {
        var copy = state
        var accepted: [Message<Handler.Input>] = []
        for (envelope, message) in part.messages {
            let outgoing: [Outgoing]
            do throws(Refusal) {
                outgoing = try handler.decide(message, &state)
            } catch {
                effects.put(off: envelope, because: error, attempts: attempts(envelope.id) + 1)
                state = copy
                for message in accepted { _ = try? handler.decide(message, &state) }
                copy = state
                accepted = []
                continue
            }
            accepted.append(message)
            try effects.add(outgoing, of: envelope, at: message.handledAt)
        }
    }

    /// The inbox says of each message how it stands. Timers are not in it.
    private func note(_ part: Batch<Handler.Input>.Part, _ effects: Effects, _ inbox: Inbox, _ source: Origin) {
        let retrying = effects.retries.map(\.envelope.id)
        let parked = effects.parked.map(\.id)
        if source.isOwnTable {
            let others = Set(retrying).union(parked)
            inbox.mark(part.messages.map(\.envelope.id).filter { !others.contains($0) }, .handled)
        }
        inbox.mark(retrying, .retrying)
        inbox.mark(parked, .parked)
    }

    private func count(_ received: Int, fresh: Int) {
        let dimensions = [("service", parking.service.rawValue)]
        Counter(label: "inbox_fresh_total", dimensions: dimensions).increment(by: fresh)
        Counter(label: "inbox_duplicate_total", dimensions: dimensions).increment(by: received - fresh)
        Recorder(label: "batch_size", dimensions: dimensions).record(received)
    }
}
