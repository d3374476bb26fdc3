import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization
import Testing
import TestSupport

@Suite("The consumer")
struct ConsumerTests {
    @Test("connections to broker and database that end again and again lose nothing and double nothing")
    func survives() async throws {
        try await Desk.withBroker { desk, broker in
            let keys = (0..<5).map { _ in UUID() }
            let ids = (0..<600).map { _ in UUID.v7() }
            let administrator = try await PostgresConnection.open(desk.administrator)
            try await desk.running([desk.consumer()]) {
                for (round, chunk) in stride(from: 0, to: ids.count, by: 100).enumerated() {
                    try await broker.configuration.publish(
                        try ids[chunk..<chunk + 100].map {
                            try Samples.publication(Counted(key: keys[$0.hashValue & 3]), id: $0)
                        })
                    if round % 2 == 0 {
                        try await administrator.execute(
                            """
                            select pg_terminate_backend(pid) from pg_stat_activity
                            where datname = current_database() and usename = \(desk.configuration.user)
                            """)
                    } else {
                        let connection = try await broker.eventually("the consumer is connected") {
                            try await broker.connection(named: "triage/\(Desk.queue)")
                        }
                        try? await broker.disconnect(connection)  // it may be gone already
                    }
                }
                try await desk.eventually("all handled") { try await desk.steps().count == ids.count }
            }
            #expect(try await desk.steps() == Dictionary(uniqueKeysWithValues: ids.map { ($0, 1) }))
            #expect(try await desk.count("select count(*) from parked") == 0)
            await administrator.close()
        }
    }

    @Test("a queue's messages change threads nowhere between the broker and the commit")
    func oneThread() async throws {
        try await Desk.withBroker { desk, broker in
            let threads = Mutex<Set<String>>([])
            let handler = Tally { _ in
                let name = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
                threads.withLock { _ = $0.insert(name ?? "") }
            }
            try await desk.running([desk.consumer(handler)]) {
                for count in 1...3 {
                    try await broker.configuration.publish([try Samples.publication(Counted(key: UUID()), id: .v7())])
                    try await desk.eventually("handled") { try await desk.steps().count == count }
                }
            }
            #expect(threads.withLock(\.self) == ["consumer\n"])
        }
    }

    @Test("a batch that is cut short in the middle is acknowledged by nobody and handled by the next consumer")
    func cutShort() async throws {
        try await Desk.withBroker { desk, broker in
            let ids = (0..<10).map { _ in UUID.v7() }
            let gate = try await standstill(at: ids[0], ids, desk, broker)
            let consumer = desk.consumer()
            let task = Task { try await consumer.run() }
            try await waitForTheRow(desk)
            task.cancel()
            _ = await task.result
            try await gate.execute("commit")
            await gate.close()
            #expect(try await desk.steps().isEmpty)
            try await desk.running([desk.consumer()]) {
                try await desk.eventually("all handled") { try await desk.steps().count == ids.count }
            }
            #expect(try await desk.steps() == Dictionary(uniqueKeysWithValues: ids.map { ($0, 1) }))
        }
    }

    @Test("a shutdown lets the batch under way finish and acknowledges it")
    func shutdown() async throws {
        try await Desk.withBroker { desk, broker in
            let ids = (0..<10).map { _ in UUID.v7() }
            let gate = try await standstill(at: ids[0], ids, desk, broker)
            let group = ServiceGroup(services: [desk.consumer()], logger: desk.logger)
            async let end: Void = group.run()
            try await waitForTheRow(desk)
            await group.triggerGracefulShutdown()
            try await gate.execute("commit")
            try await end
            await gate.close()
            // What had not arrived by then is still in the queue; of what had, nothing is.
            let handled = try await desk.steps()
            #expect(handled.count > 0 && handled.values.allSatisfy { $0 == 1 })
            let connection = try await AMQPConnection.open(broker.configuration)
            #expect(try await connection.inspect(queue: Desk.queue)?.messages == ids.count - handled.count)
            await connection.close()
        }
    }

    /// Publishes the messages; their handler stands still until the session that is returned commits.
    private func standstill(
        at key: UUID, _ ids: [UUID], _ desk: Desk, _ broker: TestBroker
    ) async throws -> PostgresConnection {
        try await desk.database.execute("insert into tallies values (\(key), 0)")
        try await broker.configuration.publish(
            try ids.map { try Samples.publication(Counted(key: key), id: $0) })
        let gate = try await PostgresConnection.open(desk.configuration)
        try await gate.execute("begin")
        _ = try await gate.query("select 1 from tallies for update")
        return gate
    }

    private func waitForTheRow(_ desk: Desk) async throws {
        try await desk.eventually("the batch waits for the row") {
            try await desk.count(
                """
                select count(*) from pg_stat_activity
                where wait_event_type = 'Lock' and datname = current_database()
                """) > 0
        }
    }
}
