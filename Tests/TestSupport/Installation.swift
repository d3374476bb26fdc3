package import AMQP
package import Contracts
package import Foundation
import Messaging
package import Postgres
import Synchronization
import Testing

/// A whole COPPS of its own for one test: five service processes, a database and a virtual host, on an accelerated clock.
package final class Installation: Sendable {
    package let environment: [String: String]
    private let directory: URL
    private let processes = Mutex<[Replica: Process]>([:])
    let ports: [Replica: Int]
    private let network: Network

    package static let services = ServiceName.allCases

    /// One process of a service; `start` starts the first, unless told otherwise.
    struct Replica: Hashable {
        let service: ServiceName
        var number = 1
    }

    /// Where the services find their servers, when that is not where everybody else does.
    package struct Network: Sendable {
        package var databasePort: Int?
        package var brokers: [BrokerAddress]?

        package init(databasePort: Int? = nil, brokers: [BrokerAddress]? = nil) {
            (self.databasePort, self.brokers) = (databasePort, brokers)
        }
    }

    /// On the test servers, with a database and a virtual host of its own.
    package static func with(rate: Double = 240, _ body: (Installation) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            try await TestBroker.with { broker in
                try await with(
                    database: database.configuration, broker: broker.configuration,
                    management: ProcessInfo.processInfo.environment["COPPS_TEST_BROKER_MANAGEMENT_URL"] ?? "",
                    rate: rate, body)
            }
        }
    }

    /// Migrates, declares and starts everything, gives it to `body` and takes it all down again.
    ///
    /// - Parameters:
    ///   - database: as the server's superuser.
    ///   - broker: as the broker's administrator.
    package static func with(
        database: PostgresConfiguration, broker: AMQPConfiguration, management: String, network: Network = Network(),
        rate: Double, _ body: (Installation) async throws -> Void
    ) async throws {
        let installation = try Installation(database, broker, management, network, rate)
        do {
            try await installation.prepare()
            for service in services { try installation.start(service) }
            for service in services { try await installation.awaitReady(service) }
            try await body(installation)
        } catch {
            installation.printLogs()
            installation.stopAll()
            throw error
        }
        installation.stopAll()
        try? FileManager.default.removeItem(at: installation.directory)
    }

    private init(
        _ admin: PostgresConfiguration, _ broker: AMQPConfiguration, _ management: String, _ network: Network,
        _ rate: Double
    ) throws {
        self.network = network
        directory = FileManager.default.temporaryDirectory.appending(path: "copps-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var ports: [Replica: Int] = [:]
        for service in Self.services {
            for number in 1...2 { ports[Replica(service: service, number: number)] = try Self.freePort() }
        }
        self.ports = ports
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "COPPS_DATABASE_HOST": admin.host, "COPPS_DATABASE_PORT": String(admin.port),
            "COPPS_DATABASE_NAME": admin.database,
            "COPPS_ADMIN_DATABASE_USER": admin.user, "COPPS_ADMIN_DATABASE_PASSWORD": admin.password,
            "COPPS_AUDIT_DATABASE_PASSWORD": "audit-secret",
            "COPPS_BROKER_VHOST": broker.virtualHost, "COPPS_BROKER_MANAGEMENT_URL": management,
            "COPPS_BROKER_ADMIN_USER": broker.user, "COPPS_BROKER_ADMIN_PASSWORD": broker.password,
            "COPPS_CONFIG_DIR": Self.repository.appending(path: "deploy/config").path,
            "COPPS_OPERATOR_TOKEN": "operator-token-of-a-test",
            "COPPS_CLOCK_START": "2026-11-04T17:00:00Z",
            "COPPS_CLOCK_ORIGIN": ContractJSON.timestamp(Date()), "COPPS_CLOCK_RATE": String(rate),
        ]
        environment.merge(Self.variables(for: broker.brokers)) { $1 }
        for service in Self.services {
            let name = service.schema.uppercased()
            environment["COPPS_\(name)_DATABASE_PASSWORD"] = "secret-of-\(service.schema)"
            environment["COPPS_\(name)_BROKER_PASSWORD"] = "secret-of-\(service.schema)"
            environment["COPPS_\(name)_URL"] = "http://127.0.0.1:\(ports[Replica(service: service)] ?? 0)"
        }
        self.environment = environment
    }

    /// One broker as most people have it, several as a list.
    private static func variables(for brokers: [BrokerAddress]) -> [String: String] {
        [
            "COPPS_BROKER_HOST": brokers.count == 1
                ? brokers[0].host : brokers.map(\.description).joined(separator: ","),
            "COPPS_BROKER_PORT": String(brokers[0].port),
        ]
    }

    private func prepare() async throws {
        try await copps("migrate")
        try await copps("topology", "apply")
    }

    /// - Parameters:
    ///   - number: 2 for another process of the same service.
    ///   - extra: variables that only this process is to know.
    package func start(_ service: ServiceName, _ number: Int = 1, with extra: [String: String] = [:]) throws {
        let replica = Replica(service: service, number: number)
        var environment = environment.filter { !$0.key.contains("ADMIN") && !$0.key.hasSuffix("_PASSWORD") }
        environment["COPPS_DATABASE_USER"] = service.schema
        environment["COPPS_DATABASE_PASSWORD"] = "secret-of-\(service.schema)"
        environment["COPPS_BROKER_USER"] = service.schema
        environment["COPPS_BROKER_PASSWORD"] = "secret-of-\(service.schema)"
        environment["COPPS_HTTP_HOST"] = "127.0.0.1"
        environment["COPPS_HTTP_PORT"] = String(ports[replica] ?? 0)
        environment["COPPS_OPERATOR_TOKEN_SHA256"] = Data("operator-token-of-a-test".utf8).sha256
        environment["COPPS_OPERATOR_TOKEN"] = nil
        if let port = network.databasePort { environment["COPPS_DATABASE_PORT"] = String(port) }
        if let brokers = network.brokers { environment.merge(Self.variables(for: brokers)) { $1 } }
        environment.merge(extra) { $1 }
        let process = Process()
        process.executableURL = Self.products.appending(path: "copps-\(service)")
        process.environment = environment
        let log = directory.appending(path: "\(service).log")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardError = handle
        process.standardOutput = handle
        try process.runUnblocked()
        processes.withLock { $0[replica] = process }
    }

    /// `kill -9`, in the middle of whatever it is doing.
    package func kill(_ service: ServiceName, _ number: Int = 1) {
        let replica = Replica(service: service, number: number)
        guard let process = processes.withLock({ $0.removeValue(forKey: replica) }) else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// `SIGSTOP`: the process stands still, and nobody is told.
    package func freeze(_ service: ServiceName) { signal(service, SIGSTOP) }

    package func thaw(_ service: ServiceName) { signal(service, SIGCONT) }

    private func signal(_ service: ServiceName, _ signal: Int32) {
        guard let process = processes.withLock({ $0[Replica(service: service)] }) else { return }
        Foundation.kill(process.processIdentifier, signal)
    }

    /// Those of the services whose process has ended by itself.
    package var ended: [ServiceName] {
        processes.withLock { $0.filter { !$0.value.isRunning }.map(\.key.service) }
    }

    package func awaitReady(_ service: ServiceName, _ number: Int = 1) async throws {
        let url = "http://127.0.0.1:\(ports[Replica(service: service, number: number)] ?? 0)/readyz"
        let isReady = try await eventually(within: .seconds(40)) { () async -> Bool in
            await self.httpStatus(url) == 200
        }
        try #require(isReady, "\(service) did not become ready")
    }

    private func stopAll() {
        let running = processes.withLock { processes in
            defer { processes = [:] }
            return Array(processes.values)
        }
        for process in running {
            process.terminate()
            Foundation.kill(process.processIdentifier, SIGCONT)
        }
        for process in running { process.waitUntilExit() }
    }

    private func printLogs() {
        for service in Self.services {
            let log = (try? String(contentsOf: directory.appending(path: "\(service).log"), encoding: .utf8)) ?? ""
            print("--- \(service)\n\(log.suffix(2500))")
        }
    }

    package static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Where the executables are built: beside the tests.
    package static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    private static func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(status)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Asks again and again until the answer is yes or the time is up.
package func eventually(
    within time: Duration, every pause: Duration = .milliseconds(100), _ isSo: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline {
        if try await isSo() { return true }
        await Task.yield()
        try await ContinuousClock().sleep(for: pause)
    }
    return false
}
