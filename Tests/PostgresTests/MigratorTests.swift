import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Migrator", .privateDatabase)
struct MigratorTests {
    /// A schema and role of the test's own, because roles belong to the whole server.
    private struct Fixture {
        let name = "m_" + UUID().uuidString.lowercased().prefix(8)
        let connection: PostgresConnection

        init() async throws {
            connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        }

        func migrator(_ migrations: Migration...) -> Migrator {
            Migrator(schema: name, role: name, migrations: migrations)
        }

        func cleanUp() async throws {
            let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
            try await connection.execute("drop owned by \(identifier: name)")
            try await connection.execute("drop role \(identifier: name)")
        }
    }

    private let calls = Migration(
        name: "0001_calls",
        sql: """
            -- Two statements; the names are unqualified.
            create table calls (id int8 generated always as identity, note text);
            create sequence positions;
            """)
    private let ledger = Migration(
        name: "0002_ledger", sql: "create table ledger (n int8); revoke update on ledger from public;")

    @Test("migrations are applied once, in order, each by name")
    func idempotence() async throws {
        let fixture = try await Fixture()
        #expect(try await fixture.migrator(calls).migrate(on: fixture.connection) == ["0001_calls"])
        #expect(try await fixture.migrator(calls, ledger).migrate(on: fixture.connection) == ["0002_ledger"])
        #expect(try await fixture.migrator(calls, ledger).migrate(on: fixture.connection) == [])
        try await fixture.cleanUp()
    }

    @Test("a changed migration and an unknown one are refused by name")
    func refusals() async throws {
        let fixture = try await Fixture()
        _ = try await fixture.migrator(calls).migrate(on: fixture.connection)
        let changed = Migration(name: "0001_calls", sql: "select 1")
        let configuration = try TestDatabase.current.configuration
        for migrator in [fixture.migrator(changed), fixture.migrator(ledger)] {
            let connection = try await PostgresConnection.open(configuration)
            let error = await #expect(throws: PostgresError.self) { try await migrator.migrate(on: connection) }
            #expect(error?.code == .migration)
            #expect(error?.message.contains("0001_calls") == true)
        }
        try await fixture.cleanUp()
    }

    @Test("a migration that fails leaves nothing of itself")
    func failure() async throws {
        let fixture = try await Fixture()
        let broken = Migration(name: "0001_broken", sql: "create table half (n int8); select * from absent;")
        let error = await #expect(throws: PostgresError.self) {
            try await fixture.migrator(broken).migrate(on: fixture.connection)
        }
        #expect(error?.sqlState == "42P01")
        let connection = try await PostgresConnection.open(TestDatabase.current.configuration)
        #expect(try await fixture.migrator(calls).migrate(on: connection) == ["0001_calls"])
        #expect(try await connection.query("select from pg_tables where tablename = 'half'").isEmpty)
        try await fixture.cleanUp()
    }

    @Test("two migrators at once take turns")
    func concurrency() async throws {
        let fixture = try await Fixture()
        let migrator = fixture.migrator(calls, ledger)
        let other = try await PostgresConnection.open(TestDatabase.current.configuration)
        async let first = migrator.migrate(on: fixture.connection)
        async let second = migrator.migrate(on: other)
        #expect(try await (first + second).sorted() == ["0001_calls", "0002_ledger"])
        try await fixture.cleanUp()
    }

    @Test("the role logs in with its password, reads and writes rows, and can create nothing")
    func role() async throws {
        let fixture = try await Fixture()
        let migrator = fixture.migrator(calls)
        _ = try await migrator.migrate(on: fixture.connection)
        try await migrator.setPassword("an 'invented' password", on: fixture.connection)
        let connection = try await PostgresConnection.open(
            TestDatabase.current.configuration(
                user: fixture.name, password: "an 'invented' password", schema: fixture.name))
        try await connection.execute("insert into calls (note) values (\("x"))")
        try await connection.execute("update calls set note = \("y")")
        #expect(try await connection.query("select nextval('positions')").count == 1)
        #expect(try await connection.execute("delete from calls") == 1)
        #expect(try await connection.query("select name from schema_migration").count == 1)
        for statement in ["create table mine (n int8)", "create schema mine", "delete from schema_migration"] {
            let error = await #expect(throws: PostgresError.self) {
                try await connection.execute(SQL(unescaped: statement))
            }
            #expect(error?.sqlState == "42501")
        }
        await connection.close()
        try await fixture.cleanUp()
    }
}
