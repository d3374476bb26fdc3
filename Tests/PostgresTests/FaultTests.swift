import Foundation
import Logging
import Postgres
import ServiceLifecycle
import TestSupport
import Testing

@Suite("Faults", .privateDatabase)
struct FaultTests {
    private func client(maximum: Int = 2) throws -> PostgresClient {
        let configuration = try TestDatabase.current.configuration
        return PostgresClient(configuration, maximumConnections: maximum, logger: Logger(label: "test"))
    }

    @Test("a statement that takes too long is ended by the server, and the connection goes on")
    func statementTimeout() async throws {
        var configuration = try TestDatabase.current.configuration
        configuration.statementTimeout = .milliseconds(100)
        let connection = try await PostgresConnection.open(configuration)
        let error = await #expect(throws: PostgresError.self) { try await connection.execute("select pg_sleep(60)") }
        #expect(error?.sqlState == "57014")
        #expect(error?.isTransient == true)
        #expect(try await connection.execute("select 1") == 1)
    }

    @Test("a terminated session is a transient error, and the pool recovers")
    func terminatedSession() async throws {
        let client = try client(maximum: 1)
        let observer = try self.client()
        let error = await #expect(throws: PostgresError.self) {
            try await client.transaction { transaction in
                let row = try #require(try await transaction.query("select pg_backend_pid()").first)
                _ = try await observer.query("select pg_terminate_backend(\(try row.decode(Int32.self)), 5000)")
                try await transaction.execute("select 1")
            }
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.isTransient == true)
        #expect(try await client.execute("select 1") == 1)
    }

    @Test("connections that were lost while they rested are noticed before they are lent again")
    func lostWhileResting() async throws {
        let client = try client(maximum: 2)
        let observer = try self.client()
        // Two sessions; the loss of one makes the pool look at the other before lending it.
        let pids = try await client.withConnection { first in
            let other = try await client.query("select pg_backend_pid()")
            let own = try await first.query("select pg_backend_pid()")
            return try (other + own).map { try $0.decode(Int32.self) }
        }
        _ = try await observer.query("select pg_terminate_backend(pid, 5000) from unnest(\(pids)) as pid")
        let error = await #expect(throws: PostgresError.self) { try await client.execute("select 1") }
        #expect(error?.isTransient == true)
        #expect(try await client.execute("select 1") == 1)
        #expect(try await client.execute("select 1") == 1)
    }

    @Test("a cancelled statement ends at once, and the pool stays usable")
    func cancellation() async throws {
        let client = try client(maximum: 1)
        let observer = try self.client()
        let marker = UUID()
        let task = Task { try await client.query("select pg_sleep(60), \(marker)") }
        try await eventually {
            try await !observer.query("select from pg_stat_activity where wait_event = 'PgSleep'").isEmpty
        }
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(try await client.execute("select 1") == 1)
        // The server notices that its client is gone and stops the statement.
        try await eventually {
            try await observer.query("select from pg_stat_activity where wait_event = 'PgSleep'").isEmpty
        }
    }

    @Test("a cancelled transaction is rolled back unless its body had ended")
    func cancelledTransaction() async throws {
        let client = try client(maximum: 1)
        try await client.execute("create table cancelled (n int8)")
        let interrupted = Task {
            try await client.transaction { transaction in
                try await transaction.execute("insert into cancelled values (1)")
                withUnsafeCurrentTask { $0?.cancel() }
                try await transaction.execute("insert into cancelled values (2)")
            }
        }
        await #expect(throws: CancellationError.self) { try await interrupted.value }
        let finished = Task {
            try await client.transaction { transaction in
                try await transaction.execute("insert into cancelled values (3)")
                transaction.enqueue("insert into cancelled values (4)")
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        try await finished.value
        let rows = try await client.query("select n from cancelled order by n")
        #expect(try rows.map { try $0.decode(Int.self) } == [3, 4])
    }

    @Test("a silent network ends in an error soon after the statement timeout")
    func silentNetwork() async throws {
        var configuration = try TestDatabase.current.configuration
        let proxy = try Proxy(to: configuration.host, port: configuration.port)
        defer { proxy.stop() }
        (configuration.port, configuration.tls) = (proxy.port, .disable)
        (configuration.statementTimeout, configuration.answerGrace) = (.milliseconds(200), .milliseconds(200))
        configuration.connectTimeout = .milliseconds(300)
        let connection = try await PostgresConnection.open(configuration)
        #expect(try await connection.execute("select 1") == 1)
        proxy.set(.silence)
        let start = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self) { try await connection.execute("select 1") }
        #expect(error?.code == .connectionLost)
        #expect(connection.isLost)
        let refused = await #expect(throws: PostgresError.self) { try await PostgresConnection.open(configuration) }
        #expect(refused?.code == .connectionFailed)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test("a lost COMMIT answer is reported as unknown, though the rows are there")
    func commitUnknown() async throws {
        var configuration = try TestDatabase.current.configuration
        let direct = try await PostgresConnection.open(configuration)
        try await direct.execute("create table uncertain (n int8)")
        let proxy = try Proxy(to: configuration.host, port: configuration.port)
        defer { proxy.stop() }
        (configuration.port, configuration.tls) = (proxy.port, .disable)
        let connection = try await PostgresConnection.open(configuration)
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("insert into uncertain values (1)")
                proxy.set(.loseAnswer)
            }
        }
        #expect(error?.code == .commitUnknown)
        #expect(error?.isTransient == true)
        #expect(connection.isLost)
        #expect(try await direct.query("select n from uncertain").count == 1)
    }

    @Test("wherever in an answer the connection is cut, the same work may be tried again")
    func cutAnswers() async throws {
        var configuration = try TestDatabase.current.configuration
        let direct = try await PostgresConnection.open(configuration)
        try await direct.execute("create table cut (n int8, text text)")
        let proxy = try Proxy(to: configuration.host, port: configuration.port)
        defer { proxy.stop() }
        (configuration.port, configuration.tls) = (proxy.port, .disable)
        for bytes in 1...400 {
            let connection = try await PostgresConnection.open(configuration)
            proxy.cut(.toClient, after: [bytes])
            do {
                try await connection.transaction { transaction in
                    transaction.enqueue("insert into cut values (1, 'one')")
                    _ = try await transaction.query("select n, text from cut limit 1")
                    try await transaction.execute("update cut set n = n + 1 where text = 'none'")
                }
            } catch let error as PostgresError {
                #expect(error.isTransient, "after \(bytes) bytes: \(error.debugDescription)")
                #expect(connection.isLost)
            }
            proxy.cancelCuts()
            await connection.close()
        }
    }

    @Test("no server, an unknown database and an unknown user are failed connections")
    func connectionFailures() async throws {
        var nowhere = try TestDatabase.current.configuration
        nowhere.port = 1
        var absent = try TestDatabase.current.configuration
        absent.database = "absent"
        var stranger = try TestDatabase.current.configuration
        (stranger.user, stranger.password) = ("copps_stranger", "invented")
        for configuration in [nowhere, absent, stranger] {
            let client = PostgresClient(configuration, maximumConnections: 1, logger: Logger(label: "test"))
            for _ in 0..<2 {
                let error = await #expect(throws: PostgresError.self) { try await client.execute("select 1") }
                #expect(error?.code == .connectionFailed)
            }
        }
    }

    @Test("more tasks than connections all have their turn, and a waiting one can be cancelled")
    func contention() async throws {
        let client = try client(maximum: 2)
        let pids = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await client.transaction { transaction in
                        let row = try #require(try await transaction.query("select pg_backend_pid()").first)
                        return try row.decode(Int32.self)
                    }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(pids.count <= 2)
        try await client.withConnection { _ in
            try await client.withConnection { _ in
                let waiting = Task { try await client.execute("select 1") }
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
        }
        #expect(try await client.execute("select 1") == 1)
    }

    @Test("a connection left inside a transaction is not lent again")
    func abandonedTransaction() async throws {
        let client = try client(maximum: 1)
        let abandoned = try await client.withConnection { connection in
            try await connection.execute("begin")
            return try await connection.query("select pg_backend_pid()")
        }
        let lent = try await client.query("select pg_backend_pid()")
        #expect(try lent.map { try $0.decode(Int32.self) } != abandoned.map { try $0.decode(Int32.self) })
    }

    @Test("graceful shutdown closes the pool")
    func shutdown() async throws {
        let client = try client()
        let group = ServiceGroup(services: [client], gracefulShutdownSignals: [], logger: Logger(label: "test"))
        async let running: Void = group.run()
        #expect(try await client.execute("select 1") == 1)
        await group.triggerGracefulShutdown()
        try await running
        let error = await #expect(throws: PostgresError.self) { try await client.execute("select 1") }
        #expect(error?.code == .closed)
    }

    /// Asks until the answer is yes; the test fails after a while.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try await !condition() {
            try #require(deadline > .now, "it never happened")
            await Task.yield()
        }
    }
}
