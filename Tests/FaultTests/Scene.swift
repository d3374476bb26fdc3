import AMQP
import Contracts
import Foundation
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

/// One installation for all faults, on servers that may be broken, with a network of our own in between.
final class Scene: Sendable {
    let servers: FaultServers
    let copps: Installation
    /// Before each node.
    let brokerProxies: [Proxy]
    let databaseProxy: Proxy
    let seed: UInt64
    private let database: PostgresClient
    private let dispatchSystems: [DispatchSystem]
    private let state = Mutex(State())

    private struct State {
        var ledger = Ledger()
        var isOver = false
        /// Where the feed stood when the round began.
        var feedStart = 0
        /// How many messages this round is right to set aside.
        var parkings = 0
        var verdicts: [Verdict] = []
    }

    @TaskLocal private static var ofSuite: Scene?

    static var current: Scene {
        get throws { try ofSuite ?? { throw Finding("the suite lacks the trait .scene") }() }
    }

    static func with(_ form: FaultServers.Form, _ body: (Scene) async throws -> Void) async throws {
        let seed = Settings.seed
        say("COPPS_FAULT_SEED=\(seed)")
        try await FaultServers.with(form) { servers in
            let brokerProxies = try servers.broker.brokers.map { try Proxy(to: $0.host, port: $0.port) }
            let databaseProxy = try Proxy(to: servers.database.host, port: servers.database.port)
            defer {
                for proxy in brokerProxies { proxy.stop() }
                databaseProxy.stop()
            }
            try await Installation.with(
                database: servers.database, broker: servers.broker, management: servers.management[0],
                network: .init(
                    databasePort: databaseProxy.port,
                    brokers: brokerProxies.map { BrokerAddress(host: "127.0.0.1", port: $0.port) }), rate: 60
            ) { copps in
                let scene = try await Scene(servers, copps, brokerProxies, databaseProxy, seed)
                try await $ofSuite.withValue(scene) { try await body(scene) }
            }
        }
    }

    private init(
        _ servers: FaultServers, _ copps: Installation, _ brokerProxies: [Proxy], _ databaseProxy: Proxy,
        _ seed: UInt64
    ) async throws {
        self.servers = servers
        self.copps = copps
        self.brokerProxies = brokerProxies
        self.databaseProxy = databaseProxy
        self.seed = seed
        database = PostgresClient(servers.database, maximumConnections: 2, logger: Logger(label: "fault-suite"))
        struct Credentials: Decodable {
            let user: String
            let password: String
        }
        var dispatchSystems: [DispatchSystem] = []
        for agency in ["beaumont-pd", "banning-pd", "riverside-sheriff"] as [AgencyID] {
            let made = try await copps.copps("cad", "add", agency.rawValue, "--json")
            let credentials = try ContractJSON.decode(Credentials.self, from: Data(made.utf8))
            var broker = servers.broker
            (broker.user, broker.password) = (credentials.user, credentials.password)
            broker.connectionName = "CAD \(agency)"
            dispatchSystems.append(
                DispatchSystem(agency: agency, broker: broker, pace: .milliseconds(1000 / Settings.rate)))
        }
        self.dispatchSystems = dispatchSystems
    }

    /// Before the only node.
    var brokerProxy: Proxy { brokerProxies[0] }

    // MARK: Load

    var ledger: Ledger { state.withLock(\.ledger) }

    /// Lets the dispatch systems publish while something happens, with a ledger of its own.
    func underLoad<Value: Sendable>(
        round: String, _ body: () async throws -> Value
    ) async throws -> (value: Value, calls: Ledger.Calls) {
        let feedStart = try await number("select last from notifications.feed_head")
        let ledger = Ledger()
        state.withLock { ($0.ledger, $0.isOver, $0.feedStart, $0.parkings) = (ledger, false, feedStart, 0) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for system in dispatchSystems {
                group.addTask { [self] in
                    await system.run(round: round, seed: seed, ledger: ledger) { state.withLock(\.isOver) }
                }
            }
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
            return (try result.get(), ledger.calls)
        }
    }

    var feedStart: Int { state.withLock(\.feedStart) }

    /// Makes it right that so many messages are set aside in this round.
    func expectParked(_ count: Int) {
        state.withLock { $0.parkings += count }
    }

    var expectedParked: Int { state.withLock(\.parkings) }

    /// Waits until the broker has confirmed so many more calls.
    func awaitCalls(_ count: Int) async throws {
        let wanted = ledger.calls.acknowledged.count + count
        let came = try await eventually(within: .seconds(60)) { ledger.calls.acknowledged.count >= wanted }
        guard came else { throw Finding("the broker confirmed no \(count) calls within a minute") }
    }

    /// Waits until every call that was confirmed so far is triaged and in the feed.
    func awaitRecovery(within time: Duration) async throws {
        let owed = Array(ledger.calls.acknowledged)
        let start = state.withLock(\.feedStart)
        let isBack = try await eventually(within: time) {
            try await number(
                """
                select count(distinct call_id) from notifications.feed
                where position > \(start) and type = \(CallTriaged.type.description) and call_id = any(\(owed))
                """) == owed.count
        }
        guard isBack else { throw Finding("not recovered within \(time)") }
    }

    // MARK: Asking

    /// How long a fault is held.
    func hold(_ time: Duration) async throws {
        try await Task.sleep(for: time)
    }

    /// As the superuser, past the proxy; asked again while the database is away.
    @discardableResult
    func ask(_ sql: SQL) async throws -> [Row] {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try await database.query(sql)
            } catch let error as PostgresError where error.isTransient && ContinuousClock.now < deadline {
                try await hold(.milliseconds(100))
            }
        }
    }

    func number(_ sql: SQL) async throws -> Int {
        try await ask(sql).first?.decode(Int.self) ?? 0
    }

    var roles: [String] { Installation.services.map(\.schema) }

    /// The schemas of services that have something to say.
    var publishers: [String] { Set(Catalog.events.map { $0.type.service.schema }).sorted() }

    func session() async throws -> PostgresConnection {
        try await PostgresConnection.open(servers.database)
    }

    func management() async throws -> AMQPConnection {
        try await AMQPConnection.open(servers.broker)
    }

    // MARK: Verdicts

    var verdicts: [Verdict] { state.withLock(\.verdicts) }

    func note(_ verdict: Verdict) {
        state.withLock { $0.verdicts.append(verdict) }
        say("\(verdict)")
    }

    struct SuiteTrait: Testing.SuiteTrait, TestScoping {
        let form: FaultServers.Form

        func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
        ) async throws {
            try await Scene.with(form) { scene in
                try await function()
                try FaultReport(seed: scene.seed, verdicts: scene.verdicts).writeIfAsked(
                    form == .cluster ? "-cluster" : "")
            }
        }
    }
}

extension Trait where Self == Scene.SuiteTrait {
    /// Gives the suite its installation.
    static func scene(_ form: FaultServers.Form) -> Self { Self(form: form) }
}

/// At once, however the output is piped.
func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Something that ought not to be so.
struct Finding: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
