import Contracts
import Foundation
import Messaging
import Postgres
import Testing

@Suite("Days that are forgotten")
struct RetentionTests {
    private static let keep = Int32(Upkeep.daysBehind)

    /// The name of a day's table, some days ago.
    private func table(_ parent: String, _ desk: Desk, daysAgo: Int) async throws -> String {
        let rows = try await desk.database.query(
            "select \(parent) || to_char(current_date - \(Int32(daysAgo)), '_YYYYMMDD')")
        return try #require(rows.first).decode(String.self)
    }

    /// All that are dropped now, the oldest first.
    private func drop(_ desk: Desk) async throws -> [String] {
        var dropped: [String] = []
        while let name = try await desk.database.query("select drop_oldest_day(\(Self.keep))").first?
            .decode(String?.self)
        {
            dropped.append(name)
        }
        return dropped
    }

    /// An event of so many days ago.
    private func ledger(_ id: UUID, _ desk: Desk, daysAgo: Int, isPending: Bool) async throws {
        let day = Int32(daysAgo)
        try await desk.database.execute(
            """
            with event as (
                insert into events (
                    day, id, message_id, exchange, routing_key, type, partition_key, classification, time, body)
                values (
                    current_date - \(day), nextval('event_ids'), \(id), 'events', 'any', 'any', \(id), 'operational',
                    now(), ''::bytea)
                returning id, day, partition_key
            )
            insert into outbox (id, day, partition_key) select id, day, partition_key from event where \(isPending)
            """)
    }

    @Test("days older than the retention are dropped, the oldest first, and the others stay")
    func drops() async throws {
        try await Desk.with { desk in
            _ = try await desk.database.query("select ensure_partitions(17, 1)")
            try await ledger(.v7(), desk, daysAgo: 16, isPending: false)
            try await ledger(.v7(), desk, daysAgo: 15, isPending: true)
            var expected: [String] = []
            for (days, parent) in [(17, "events"), (17, "inbox"), (16, "events"), (16, "inbox")] {
                expected.append(try await table(parent, desk, daysAgo: days))
            }
            #expect(try await drop(desk) == expected)
            #expect(try await drop(desk) == [])
            #expect(try await desk.count("select count(*) from events") == 1)
        }
    }

    @Test("a day with a message that is still to be published, tried again or looked at is kept until it is not")
    func needed() async throws {
        try await Desk.with { desk in
            _ = try await desk.database.query("select ensure_partitions(17, 1)")
            try await ledger(.v7(), desk, daysAgo: 17, isPending: true)
            let old = Date(timeIntervalSinceNow: -17 * 86400)
            let waiting = try Samples.envelope(Counted(key: UUID(), wish: .wait), id: .v7(at: old))
            let refused = try Samples.envelope(Counted(key: UUID(), wish: .refuse), id: .v7(at: old - 0.001))
            try await desk.processor().process([waiting, refused], from: .inbox)
            let kept = Set([
                try await table("events", desk, daysAgo: 17), try await table("inbox", desk, daysAgo: 17),
            ])
            #expect(try await kept.isDisjoint(with: drop(desk)))
            try await desk.database.execute("delete from retries")
            #expect(try await drop(desk) == [])
            try await desk.database.execute("update parked set resolved_at = now()")
            #expect(try await drop(desk) == [try await table("inbox", desk, daysAgo: 17)])
            try await desk.database.execute("delete from outbox")
            #expect(try await drop(desk) == [try await table("events", desk, daysAgo: 17)])
        }
    }

    @Test("a day that somebody reads for long is left for another time, and nobody behind waits for more than a moment")
    func inUse() async throws {
        try await Desk.with { desk in
            _ = try await desk.database.query("select ensure_partitions(16, 1)")
            let reader = try await PostgresConnection.open(desk.configuration)
            try await reader.execute("begin")
            _ = try await reader.query("select count(*) from events")
            _ = try await reader.query("select count(*) from inbox")
            let start = ContinuousClock.now
            async let dropped = drop(desk)
            _ = try await desk.count("select count(*) from events")
            #expect(try await dropped == [])
            #expect(ContinuousClock.now - start < .seconds(2))
            await reader.close()
            #expect(try await drop(desk).count == 2)
        }
    }

    @Test("what runs with the owner's rights is not misled by tables that the caller made")
    func search() async throws {
        try await Desk.with { desk in
            _ = try await desk.database.query("select ensure_partitions(16, 1)")
            let session = try await PostgresConnection.open(desk.configuration)
            try await session.execute("create temporary table outbox (day date)")
            try await session.execute("insert into pg_temp.outbox values (current_date - 16)")
            let dropped = try await session.query("select drop_oldest_day(\(Self.keep))").first?.decode(String?.self)
            #expect(try await dropped == table("events", desk, daysAgo: 16))
            await session.close()
        }
    }

    @Test("nobody can have a day dropped in which messages are still told from duplicates, nor can a stranger have any")
    func limits() async throws {
        try await Desk.with { desk in
            await #expect(throws: PostgresError.self) {
                _ = try await desk.database.query("select drop_oldest_day(14)")
            }
            let administrator = try await PostgresConnection.open(desk.administrator)
            let rows = try await administrator.query(
                """
                select has_function_privilege('pg_monitor', p.oid, 'execute')
                from pg_proc p where p.proname in ('drop_oldest_day', 'day_is_needed', 'ensure_partitions')
                """)
            await administrator.close()
            #expect(try rows.map { try $0.decode(Bool.self) } == [false, false, false])
        }
    }
}
