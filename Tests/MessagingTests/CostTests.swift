import AMQP
import Contracts
import Foundation
import Postgres
import Testing

@testable import Messaging

/// What makes the core fast is that a batch costs as many round trips and statements as one message. Both can be
/// counted, whatever else the machine does.
@Suite("What a batch costs")
struct CostTests {
    private struct Cost: Equatable {
        var roundTrips: Int
        var statements: Int
    }

    /// Of work that uses one connection at a time, which is always the one used last.
    private func cost(_ desk: Desk, _ work: () async throws -> Void) async throws -> Cost {
        func spent() async throws -> Cost {
            try await desk.database.withConnection {
                await Cost(roundTrips: $0.roundTrips, statements: $0.statementsSent)
            }
        }
        let before = try await spent()
        try await work()
        let after = try await spent()
        return Cost(
            roundTrips: after.roundTrips - before.roundTrips, statements: after.statements - before.statements)
    }

    /// Two of the tally's statements read and two write. Ours are begin, the inbox, the outbox and commit.
    @Test("a batch costs two round trips, and one for each time its handler reads", arguments: [1, 256])
    func processor(size: Int) async throws {
        try await Desk.with { desk in
            let keys = (1...7).map { _ in UUID() }
            let batch = try (0..<size).map { try Samples.envelope(Counted(key: keys[$0 % keys.count])) }
            let cost = try await cost(desk) { try await desk.processor().process(batch, from: .inbox) }
            #expect(cost == Cost(roundTrips: 3, statements: 8))
        }
    }

    @Test("duplicates cost a round trip for the inbox, and the end", arguments: [1, 256])
    func duplicates(size: Int) async throws {
        try await Desk.with { desk in
            let batch = try (0..<size).map { _ in try Samples.envelope(Counted(key: UUID())) }
            try await desk.processor().process(batch, from: .inbox)
            let cost = try await cost(desk) { try await desk.processor().process(batch, from: .inbox) }
            #expect(cost == Cost(roundTrips: 2, statements: 3))
        }
    }

    @Test("the relay notes what became of a batch and reads the next in one round trip", arguments: [1, 256])
    func relay(size: Int) async throws {
        try await Desk.with { desk in
            let batch = try (0..<size).map { _ in try Samples.envelope(Counted(key: UUID())) }
            try await desk.processor().process(batch, from: .inbox)
            try await desk.database.withConnection { session in
                let store = RelayStore(session: session)
                let pending = try await store.pending(limit: 500, except: [], heldKeys: [], noting: .init())
                #expect(pending.count == size)
                let before = await (session.roundTrips, session.statementsSent)
                let refused = pending.prefix(1).map(\.id)
                let outcome = RelayStore.Outcome(confirmed: pending.dropFirst().map(\.id), refused: refused)
                let rest = try await store.pending(limit: 500, except: [], heldKeys: [], noting: outcome)
                #expect(rest.map(\.id) == refused)
                #expect(
                    await (session.roundTrips, session.statementsSent) == (before.0 + 1, before.1 + (size > 1 ? 3 : 2)))
            }
            #expect(try await desk.count("select attempts from outbox") == 1)
        }
    }
}
