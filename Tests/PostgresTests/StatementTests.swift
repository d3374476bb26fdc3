import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Statements and transactions", .privateDatabase)
struct StatementTests {
    private func open() async throws -> PostgresConnection {
        try await PostgresConnection.open(TestDatabase.current.configuration)
    }

    @Test("a batch of 256 rows goes in by unnest in one round trip, and a second time changes nothing")
    func batch() async throws {
        let connection = try await open()
        try await connection.execute("create temp table calls (id uuid primary key, narrative jsonb, priority int4)")
        let ids = (0..<256).map { _ in UUID() }
        let bodies = ids.indices.map { JSONB(bytes: Data(#"{"n": \#($0)}"#.utf8)) }
        let priorities = ids.indices.map { $0.isMultiple(of: 2) ? Int32($0) : nil }
        let insert: SQL = """
            insert into calls select * from unnest(\(ids), \(bodies), \(priorities)) on conflict do nothing
            """
        let before = await connection.roundTrips
        #expect(try await connection.execute(insert) == 256)
        #expect(await connection.roundTrips == before + 1)
        #expect(try await connection.execute(insert) == 0)
        let rows = try await connection.query("select id, priority from calls where id = any(\(ids))")
        let stored = try Dictionary(uniqueKeysWithValues: rows.map { try $0.decode(UUID.self, Int32?.self) })
        #expect(stored == Dictionary(uniqueKeysWithValues: zip(ids, priorities)))
    }

    @Test("a transaction that reads once and then enqueues costs two round trips, an unused one none")
    func pipelining() async throws {
        let connection = try await open()
        try await connection.execute("create temp table facts (n int8)")
        let before = await connection.roundTrips
        try await connection.transaction { transaction in
            let rows = try await transaction.query("select n from facts")
            #expect(rows.isEmpty)
            for n in 1...5 { transaction.enqueue("insert into facts values (\(n))") }
        }
        #expect(await connection.roundTrips == before + 2)
        try await connection.transaction { _ in }
        #expect(await connection.roundTrips == before + 2)
        let sum = try #require(try await connection.query("select sum(n)::int8 from facts").first)
        #expect(try sum.decode(Int.self) == 15)
    }

    @Test("more values than any socket buffer holds, and as many answers, pass through one pipeline")
    func largePipeline() async throws {
        let connection = try await open()
        let text = String(repeating: "y", count: 1 << 20)
        try await connection.transaction { transaction in
            for n in 0..<40 { transaction.enqueue("select \(text), \(n)") }
            try await transaction.execute("select 1")
        }
    }

    private struct Refused: Error {}

    @Test("what a body did is undone when it throws, and the connection goes on")
    func rollback() async throws {
        let connection = try await open()
        try await connection.execute("create temp table facts (n int8)")
        await #expect(throws: Refused.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into facts values (1)")
                throw Refused()
            }
        }
        #expect(try await connection.query("select n from facts").isEmpty)
    }

    @Test("a violated constraint is named, its SQLSTATE kept, and no value is in the description")
    func uniqueViolation() async throws {
        let connection = try await open()
        try await connection.execute("create temp table people (name text constraint people_name_key unique)")
        let insert: SQL = "insert into people values (\("Testa Invented"))"
        try await connection.execute(insert)
        let error = try #require(await #expect(throws: PostgresError.self) { try await connection.execute(insert) })
        #expect(error.code == .server)
        #expect(error.sqlState == "23505")
        #expect(error.isUniqueViolation)
        #expect(error.constraint == "people_name_key")
        #expect(!error.isTransient)
        #expect(!error.description.contains("Invented"))
        #expect(error.debugDescription.contains("Invented"))
        #expect(!connection.isLost)
    }

    @Test("an enqueued statement's failure surfaces where it is sent, and a swallowed failure cannot commit")
    func enqueuedFailure() async throws {
        let connection = try await open()
        try await connection.execute("create temp table facts (n int8 constraint facts_n_check check (n > 0))")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into facts values (1)")
                transaction.enqueue("insert into facts values (0)")
            }
        }
        #expect(error?.constraint == "facts_n_check")
        let swallowed = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                _ = try? await transaction.execute("insert into facts values (0)")
            }
        }
        #expect(swallowed?.constraint == "facts_n_check")
        #expect(try await connection.query("select n from facts").isEmpty)
    }

    @Test("a deferred constraint that fails at COMMIT is a definite failure")
    func deferredConstraint() async throws {
        let connection = try await open()
        try await connection.execute(
            "create temp table facts (n int8 constraint facts_n_key unique deferrable initially deferred)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { $0.enqueue("insert into facts values (1), (1)") }
        }
        #expect(error?.code == .server)
        #expect(error?.constraint == "facts_n_key")
        #expect(try await connection.query("select n from facts").isEmpty)
    }

    @Test("SQLSTATEs say whether trying again can help")
    func transience() async throws {
        let connection = try await open()
        let transient = ["40001", "40P01", "55P03", "57P01", "53300", "08006", "25006"]
        for (state, expected) in transient.map({ ($0, true) }) + ["22P02", "42P01", "23503"].map({ ($0, false) }) {
            let error = await #expect(throws: PostgresError.self) {
                try await connection.execute(
                    "do $$ begin raise exception 'invented' using errcode = '\(unescaped: state)'; end $$")
            }
            #expect(error?.sqlState == state)
            #expect(error?.isTransient == expected, "\(state)")
        }
    }

    @Test("a statement prepared before its table changed works again after one transient error")
    func stalePlan() async throws {
        let connection = try await open()
        try await connection.execute("create temp table facts (n int8)")
        _ = try await connection.query("select * from facts")
        try await connection.execute("alter table facts add column m int8")
        let error = await #expect(throws: PostgresError.self) { try await connection.query("select * from facts") }
        #expect(error?.code == .stalePlan)
        #expect(error?.isTransient == true)
        #expect(try await connection.query("select * from facts").isEmpty)
    }

    @Test("the same text with other types, and a text that failed to prepare, do not disturb each other")
    func preparation() async throws {
        let connection = try await open()
        for _ in 0..<2 {
            await #expect(throws: PostgresError.self) { try await connection.query("select * from absent") }
            let number = try #require(try await connection.query("select \(1)").first)
            #expect(try number.decode(Int.self) == 1)
            let text = try #require(try await connection.query("select \("one")").first)
            #expect(try text.decode(String.self) == "one")
        }
    }

    @Test("a connection refuses a second task, a nested transaction and a statement beside the transaction")
    func exclusiveUse() async throws {
        let connection = try await open()
        try await connection.transaction { transaction in
            try await transaction.execute("select 1")
            let beside = await #expect(throws: PostgresError.self) { try await connection.execute("select 1") }
            #expect(beside?.code == .busy)
            let nested = await #expect(throws: PostgresError.self) { try await connection.transaction { _ in } }
            #expect(nested?.code == .busy)
        }
        async let first = Result { try await connection.execute("select pg_sleep(0.2)") }
        async let second = Result { try await connection.execute("select pg_sleep(0.2)") }
        let codes = await [first, second].map { result -> PostgresError.Code? in
            if case .failure(let error as PostgresError) = result { error.code } else { nil }
        }
        #expect(Set(codes) == [nil, .busy])
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
