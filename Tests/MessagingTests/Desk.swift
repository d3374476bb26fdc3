import AMQP
import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport

/// A service's schema with the tally's tables in a database of its own, and the messaging that works on it.
struct Desk: Sendable {
    let administrator: PostgresConfiguration
    let configuration: PostgresConfiguration
    let database: PostgresClient
    let clock = Clock()
    private let brokerConfiguration: AMQPConfiguration
    let flow: MessageFlow
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Domain time that moves when it is told to.
    final class Clock: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
        var now: Date { time.withLock { $0 } }
        func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
    }

    private init(_ administrator: PostgresConfiguration, _ configuration: PostgresConfiguration, _ broker: TestBroker?)
    {
        self.administrator = administrator
        self.configuration = configuration
        brokerConfiguration =
            broker?.configuration
            ?? AMQPConfiguration(
                brokers: [], virtualHost: "none", user: "nobody", password: "", connectionName: "none")
        database = PostgresClient(configuration, maximumConnections: 4, logger: logger)
        flow = MessageFlow(
            .triage, database: database, databaseConfiguration: configuration, broker: brokerConfiguration,
            now: { [clock] in clock.now }, logger: logger)
    }

    /// Without a broker.
    static func with(_ body: (Desk) async throws -> Void) async throws {
        try await with(nil, body)
    }

    /// With all the queues of COPPS; the tally's events come to ``queue``.
    static func withBroker(_ body: (Desk, TestBroker) async throws -> Void) async throws {
        try await TestBroker.with { broker in
            let connection = try await AMQPConnection.open(broker.configuration)
            try await Topology.copps(agencies: []).declare(on: connection)
            try await connection.bind(Binding(queue: queue, to: "events", routingKey: "\(Counted.type).*"))
            await connection.close()
            try await with(broker) { try await body($0, broker) }
        }
    }

    private static func with(_ broker: TestBroker?, _ body: (Desk) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            try await database.withSchema(named: "triage", MessagingMigrations.all + [Tally.migration]) {
                let desk = Desk(database.configuration, $0, broker)
                _ = try await desk.database.query("select ensure_partitions(15, 3)")
                try await body(desk)
            }
        }
    }

    static let queue = Catalog.calls.queue()

    func processor(_ handler: Tally = Tally()) -> Processor<Tally> { flow.processor(handler) }

    func consumer(_ handler: Tally = Tally(), of subscription: Subscription = Catalog.calls) -> Consumer<Tally> {
        flow.consumer(subscription, processor(handler))
    }

    /// One of several relays, told apart by the name of its session.
    func relay(named name: String) -> OutboxRelay {
        var configuration = configuration
        configuration.applicationName = name
        return MessageFlow(
            .triage, database: database, databaseConfiguration: configuration, broker: brokerConfiguration,
            now: { [clock] in clock.now }, logger: logger
        ).relay
    }

    /// Runs services as a process does, and shuts them down gracefully afterwards.
    func running<Value>(_ services: [any Service], _ body: () async throws -> Value) async throws -> Value {
        let group = ServiceGroup(services: services, logger: logger)
        async let end: Void = group.run()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await end
        return try result.get()
    }

    /// Asks until the answer is yes.
    func eventually(
        _ what: String, within time: Duration = .seconds(30), _ isTrue: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + time
        while try await !isTrue() {
            guard ContinuousClock.now < deadline else { throw NotYet(description: "not within \(time): \(what)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    struct NotYet: Error, CustomStringConvertible {
        let description: String
    }

    // MARK: What the tables say

    func count(_ sql: SQL) async throws -> Int {
        try await database.query(sql).first?.decode(Int.self) ?? 0
    }

    /// Rows written by handling, by message.
    func steps() async throws -> [UUID: Int] {
        try await Dictionary(
            uniqueKeysWithValues: database.query("select message_id, count(*) from steps group by message_id")
                .map { try $0.decode(UUID.self, Int.self) })
    }

    func total(_ key: UUID) async throws -> Int { try await count("select total from tallies where key = \(key)") }

    func parkedCode(_ id: UUID) async throws -> String? {
        try await database.query("select code from parked where message_id = \(id) and resolved_at is null")
            .first?.decode(String.self)
    }

    func outcome(_ id: UUID) async throws -> String? {
        try await database.query("select outcome from inbox where message_id = \(id)").first?.decode(String.self)
    }

    /// Makes everything that waits for another try due now.
    func hurryRetries() async throws {
        try await database.execute("update retries set next_at = clock_timestamp() - interval '1 second'")
    }
}
