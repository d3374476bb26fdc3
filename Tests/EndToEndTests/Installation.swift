import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import Synchronization
import Testing
import TestSupport

/// A whole COPPS of its own for one test: five service processes, a database and a virtual host, on an accelerated clock.
final class Installation: Sendable {
    let environment: [String: String]
    private let directory: URL
    private let processes = Mutex<[ServiceName: Process]>([:])
    private let ports: [ServiceName: Int]

    static let services = ServiceName.allCases

    /// Migrates, declares and starts everything, gives it to `body` and takes it all down again.
    static func with(rate: Double = 240, _ body: (Installation) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            try await TestBroker.with { broker in
                let installation = try Installation(database: database, broker: broker, rate: rate)
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
        }
    }

    private init(database: TestDatabase, broker: TestBroker, rate: Double) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "copps-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var ports: [ServiceName: Int] = [:]
        for service in Self.services { ports[service] = try Self.freePort() }
        self.ports = ports
        let admin = database.configuration
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "COPPS_DATABASE_HOST": admin.host, "COPPS_DATABASE_PORT": String(admin.port),
            "COPPS_DATABASE_NAME": admin.database,
            "COPPS_ADMIN_DATABASE_USER": admin.user, "COPPS_ADMIN_DATABASE_PASSWORD": admin.password,
            "COPPS_AUDIT_DATABASE_PASSWORD": "audit-secret",
            "COPPS_BROKER_HOST": broker.configuration.host,
            "COPPS_BROKER_PORT": String(broker.configuration.port),
            "COPPS_BROKER_VHOST": broker.configuration.virtualHost,
            "COPPS_BROKER_MANAGEMENT_URL":
                ProcessInfo.processInfo.environment["COPPS_TEST_BROKER_MANAGEMENT_URL"] ?? "",
            "COPPS_BROKER_ADMIN_USER": broker.configuration.user,
            "COPPS_BROKER_ADMIN_PASSWORD": broker.configuration.password,
            "COPPS_CONFIG_DIR": Self.repository.appending(path: "deploy/config").path,
            "COPPS_OPERATOR_TOKEN": "operator-token-of-a-test",
            "COPPS_CLOCK_START": "2026-11-04T17:00:00Z",
            "COPPS_CLOCK_ORIGIN": ContractJSON.timestamp(Date()), "COPPS_CLOCK_RATE": String(rate),
        ]
        for service in Self.services {
            let name = service.schema.uppercased()
            environment["COPPS_\(name)_DATABASE_PASSWORD"] = "secret-of-\(service.schema)"
            environment["COPPS_\(name)_BROKER_PASSWORD"] = "secret-of-\(service.schema)"
            environment["COPPS_\(name)_URL"] = "http://127.0.0.1:\(ports[service] ?? 0)"
        }
        self.environment = environment
    }

    private func prepare() async throws {
        try await copps("migrate")
        try await copps("topology", "apply")
    }

    func start(_ service: ServiceName) throws {
        var environment = environment.filter { !$0.key.contains("ADMIN") && !$0.key.hasSuffix("_PASSWORD") }
        environment["COPPS_DATABASE_USER"] = service.schema
        environment["COPPS_DATABASE_PASSWORD"] = "secret-of-\(service.schema)"
        environment["COPPS_BROKER_USER"] = service.schema
        environment["COPPS_BROKER_PASSWORD"] = "secret-of-\(service.schema)"
        environment["COPPS_HTTP_HOST"] = "127.0.0.1"
        environment["COPPS_HTTP_PORT"] = String(ports[service] ?? 0)
        environment["COPPS_OPERATOR_TOKEN_SHA256"] = Data("operator-token-of-a-test".utf8).sha256
        environment["COPPS_OPERATOR_TOKEN"] = nil
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
        try process.run()
        processes.withLock { $0[service] = process }
    }

    /// `kill -9`, in the middle of whatever it is doing.
    func kill(_ service: ServiceName) {
        guard let process = processes.withLock({ $0.removeValue(forKey: service) }) else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func awaitReady(_ service: ServiceName) async throws {
        let url = "http://127.0.0.1:\(ports[service] ?? 0)/readyz"
        let isReady = try await eventually(within: .seconds(40)) { () async -> Bool in
            await self.httpStatus(url) == 200
        }
        try #require(isReady, "\(service) did not become ready")
    }

    /// Runs `copps` and returns what it printed. Throws when it does not exit with the expected status.
    @discardableResult
    func copps(_ arguments: String..., expecting status: Int32 = 0) async throws -> String {
        try await Self.run(Self.products.appending(path: "copps"), arguments, environment, expecting: status)
    }

    static func run(
        _ executable: URL, _ arguments: [String], _ environment: [String: String], expecting status: Int32 = 0
    ) async throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        async let complaint = Task.detached { errors.fileHandleForReading.readDataToEndOfFile() }.value
        let data = await Task.detached { output.fileHandleForReading.readDataToEndOfFile() }.value
        let reason = String(decoding: await complaint, as: UTF8.self)
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == status else {
            throw UnexpectedExit(
                command: "\(executable.lastPathComponent) \(arguments.joined(separator: " "))",
                status: process.terminationStatus, output: text, reason: String(reason.suffix(3000)))
        }
        return text
    }

    struct UnexpectedExit: Error {
        let command: String
        let status: Int32
        let output: String
        let reason: String
    }

    func get(_ service: ServiceName, _ path: String, token: String = "operator-token-of-a-test") async throws -> Data {
        let url = "http://127.0.0.1:\(ports[service] ?? 0)\(path)"
        let text = try await Self.run(
            URL(filePath: "/usr/bin/env"), ["curl", "-sS", "-m", "20", "-H", "Authorization: Bearer \(token)", url],
            environment)
        return Data(text.utf8)
    }

    func httpStatus(_ url: String, _ arguments: String...) async -> Int? {
        let text = try? await Self.run(
            URL(filePath: "/usr/bin/env"),
            ["curl", "-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}"] + arguments + [url], environment)
        return text.flatMap(Int.init)
    }

    private func stopAll() {
        let running = processes.withLock { processes in
            defer { processes = [:] }
            return Array(processes.values)
        }
        for process in running { process.terminate() }
        for process in running { process.waitUntilExit() }
    }

    private func printLogs() {
        for service in Self.services {
            let log = (try? String(contentsOf: directory.appending(path: "\(service).log"), encoding: .utf8)) ?? ""
            print("--- \(service)\n\(log.suffix(2500))")
        }
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Where the executables are built: beside the tests.
    static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

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
func eventually(within time: Duration, _ isSo: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline {
        if try await isSo() { return true }
        await Task.yield()
        try await ContinuousClock().sleep(for: .milliseconds(100))
    }
    return false
}
