import Contracts
import Foundation
import Messaging
import Postgres
import Testing

@Suite("A message and its effects")
struct HandlingTests {
    @Test("a message delivered thrice is handled once")
    func thrice() async throws {
        try await Desk.with { desk in
            let key = UUID()
            let envelope = try Samples.envelope(Counted(key: key))
            for _ in 1...3 { try await desk.processor().process([envelope], from: .inbox) }
            #expect(try await desk.total(key) == 1)
            #expect(try await desk.steps() == [envelope.id: 1])
            #expect(try await desk.count("select count(*) from events") == 1)
        }
    }

    @Test("a message that comes twice in one batch is handled once, and the order of the others is kept")
    func twiceInOneBatch() async throws {
        try await Desk.with { desk in
            let key = UUID()
            let (first, second) = (try Samples.envelope(Counted(key: key)), try Samples.envelope(Counted(key: key)))
            try await desk.processor().process([first, second, first], from: .inbox)
            let rows = try await desk.database.query("select message_id from steps order by total")
            #expect(try rows.map { try $0.decode(UUID.self) } == [first.id, second.id])
        }
    }

    @Test("two processors with the same messages in opposite order handle each once, without a deadlock")
    func concurrently() async throws {
        try await Desk.with { desk in
            let envelopes = try (0..<40).map { _ in try Samples.envelope(Counted(key: UUID())) }
            let processor = desk.processor()
            async let one: Void = processor.process(envelopes, from: .inbox)
            async let other: Void = processor.process(envelopes.reversed(), from: .inbox)
            _ = try await (one, other)
            #expect(try await desk.steps() == Dictionary(uniqueKeysWithValues: envelopes.map { ($0.id, 1) }))
        }
    }

    @Test("effects, outgoing events, timers and the note in the inbox are committed together or not at all")
    func togetherOrNotAtAll() async throws {
        try await Desk.with { desk in
            let key = UUID()
            let batch = [
                try Samples.envelope(Counted(key: key)), try Samples.envelope(Counted(key: key, wish: .setTimer)),
            ]
            let failing = Tally { transaction in
                _ = try await transaction.query("select 1")  // all of the handler's own is written by now
                throw CancellationError()
            }
            await #expect(throws: CancellationError.self) {
                try await desk.processor(failing).process(batch, from: .inbox)
            }
            for table in ["inbox", "steps", "tallies", "events", "outbox", "timers", "retries", "parked"] {
                #expect(try await desk.count("select count(*) from \(unescaped: table)") == 0, "\(table)")
            }
            try await desk.processor().process(batch, from: .inbox)
            for (table, rows) in ["inbox": 2, "steps": 1, "events": 1, "outbox": 1, "timers": 1] {
                #expect(try await desk.count("select count(*) from \(unescaped: table)") == rows, "\(table)")
            }
        }
    }

    @Test("a session that ends on its way into the commit leaves nothing, and the message can be handled again")
    func sessionEnds() async throws {
        try await Desk.with { desk in
            let key = UUID()
            let envelope = try Samples.envelope(Counted(key: key))
            // Sent in one pipeline with the commit: whether that happened, the client cannot know.
            let dying = Tally { transaction in
                let id = try await transaction.query("select pg_backend_pid()").first?.decode(Int.self) ?? 0
                transaction.enqueue("select pg_terminate_backend(\(Int32(id)))")
            }
            await #expect(throws: PostgresError.self) {
                try await desk.processor(dying).process([envelope], from: .inbox)
            }
            try await desk.processor().process([envelope], from: .inbox)
            #expect(try await desk.steps() == [envelope.id: 1])
        }
    }

    @Test("a refusal costs only its own message, which is parked with the handler's reason")
    func refusal() async throws {
        try await Desk.with { desk in
            let key = UUID()
            let before = try Samples.envelope(Counted(key: key))
            let refused = try Samples.envelope(Counted(key: key, wish: .refuse))
            let after = try Samples.envelope(Counted(key: key))
            try await desk.processor().process([before, refused, after], from: .inbox)
            #expect(try await desk.total(key) == 2)
            #expect(try await desk.parkedCode(refused.id) == "unwanted")
            #expect(try await desk.outcome(refused.id) == "parked")
            #expect(try await desk.outcome(after.id) == "handled")
        }
    }

    @Test("what a refused message left in the state is undone, and the work of its neighbours stays")
    func undone() async throws {
        try await Desk.with { desk in
            let (key, other) = (UUID(), UUID())
            let wishes: [(UUID, Counted.Wish)] = [
                (key, .spoil), (key, .count), (other, .count), (key, .count), (key, .spoil), (other, .spoil),
                (key, .count), (other, .spoil),
            ]
            let batch = try wishes.map { try Samples.envelope(Counted(key: $0, wish: $1)) }
            try await desk.processor().process(batch, from: .inbox)
            #expect(try await desk.total(key) == 3)
            #expect(try await desk.total(other) == 1)
            let counted = zip(batch, wishes).filter { $1.1 == .count }.map(\.0.id)
            #expect(try await desk.steps() == Dictionary(uniqueKeysWithValues: counted.map { ($0, 1) }))
            for (envelope, wish) in zip(batch, wishes) where wish.1 == .spoil {
                #expect(try await desk.parkedCode(envelope.id) == "unwanted")
            }
        }
    }

    @Test("a message that the database refuses is found by halving and parked; its neighbours are handled once")
    func halving() async throws {
        try await Desk.with { desk in
            let key = UUID()
            var batch = try (0..<20).map { _ in try Samples.envelope(Counted(key: key)) }
            let bad = try Samples.envelope(Counted(key: key, wish: .offendDatabase))
            batch.insert(bad, at: 13)
            try await desk.processor().process(batch, from: .inbox)
            #expect(try await desk.total(key) == 20)
            #expect(try await desk.steps().values.allSatisfy { $0 == 1 })
            #expect(try await desk.parkedCode(bad.id) == "database-refused")
            #expect(try await desk.outcome(bad.id) == "parked")
        }
    }

    @Test("a message whose handler fails is parked; the duplicate of one that was handled is not")
    func failingHandler() async throws {
        try await Desk.with { desk in
            let envelope = try Samples.envelope(Counted(key: UUID()))
            struct Broken: Error {}
            let failing = Tally { _ in throw Broken() }
            try await desk.processor().process([envelope], from: .inbox)
            try await desk.processor(failing).process([envelope], from: .inbox)
            #expect(try await desk.parkedCode(envelope.id) == nil)
            let other = try Samples.envelope(Counted(key: UUID()))
            try await desk.processor(failing).process([other], from: .inbox)
            #expect(try await desk.parkedCode(other.id) == "not-handled")
        }
    }

    @Test("a command whose idempotency key was seen before does nothing; a refused one may be sent again")
    func idempotencyKey() async throws {
        try await Desk.with { desk in
            let (key, command) = (UUID(), UUID())
            let processor = desk.processor()
            await #expect(throws: Refusal.self) {
                try await processor.perform(Tally.Input(key: key, wish: .refuse), key: command)
            }
            #expect(try await processor.perform(Tally.Input(key: key), key: command).count == 1)
            #expect(try await processor.perform(Tally.Input(key: key), key: command).isEmpty)
            #expect(try await desk.total(key) == 1)
            _ = try await processor.perform(Tally.Input(key: key))
            _ = try await processor.perform(Tally.Input(key: key))
            #expect(try await desk.total(key) == 3)
        }
    }

    @Test(
        "a client's idempotency key can be any UUID and never stands for a message",
        arguments: [UUID.v7(), .v7(at: Date(timeIntervalSince1970: 0)), .v7(at: .now + 1e9), UUID()])
    func foreignKey(id: UUID) async throws {
        try await Desk.with { desk in
            let key = UUID()
            #expect(try await desk.processor().perform(Tally.Input(key: key), key: id).count == 1)
            guard let made = id.v7Time, abs(made.timeIntervalSinceNow) < 60 else { return }
            try await desk.processor().process([try Samples.envelope(Counted(key: key), id: id)], from: .inbox)
            #expect(try await desk.total(key) == 2)
        }
    }

    @Test("while a day's partition is missing nothing is parked, and the message can be handled later")
    func missingPartition() async throws {
        try await Desk.with { desk in
            let administrator = try await PostgresConnection.open(desk.administrator)
            let today = try await desk.database.query("select to_char(now() at time zone 'UTC', 'YYYYMMDD')")
                .first?.decode(String.self)
            try await administrator.execute("drop table triage.\(identifier: "events_\(try #require(today))")")
            await administrator.close()
            let envelope = try Samples.envelope(Counted(key: UUID()))
            await #expect(throws: PostgresError.self) {
                try await desk.processor().process([envelope], from: .handler)
            }
            #expect(try await desk.count("select count(*) from parked") == 0)
            _ = try await desk.database.query("select ensure_partitions(15, 3)")
            try await desk.processor().process([envelope], from: .handler)
            #expect(try await desk.steps() == [envelope.id: 1])
        }
    }
}
