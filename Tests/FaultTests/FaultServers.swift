import AMQP
import Foundation
import Postgres
import TestSupport

/// A Postgres and a RabbitMQ, or a cluster of it, that only this suite uses, and may kill: `deploy/lib/fault-servers.sh`.
struct FaultServers: Sendable {
    /// As the superuser.
    let database: PostgresConfiguration
    /// As the administrator.
    let broker: AMQPConfiguration
    /// The interface of each node.
    let management: [String]
    private let directory: String

    enum Form: String {
        case oneBroker = "start"
        case cluster = "start-cluster"
    }

    /// Starts them and takes them away at the end.
    static func with<Value>(_ form: Form, _ body: (FaultServers) async throws -> Value) async throws -> Value {
        let environment = ProcessInfo.processInfo.environment
        guard let directory = environment["COPPS_TEST_FAULT_DIRECTORY"] else {
            throw Problem(description: "COPPS_TEST_FAULT_DIRECTORY is not set: run deploy/test")
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(try FaultServers(directory, told: run(directory, [form.rawValue]))))
        } catch {
            result = .failure(error)
        }
        _ = try await run(directory, ["stop"])
        return try result.get()
    }

    private init(_ directory: String, told text: String) throws {
        var values: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = String(parts[1]) }
        }
        guard let databasePort = values["DATABASE_PORT"].flatMap(Int.init),
            let brokers = values["BROKERS"].flatMap({ BrokerAddress.list($0, defaultPort: 5672) }),
            let password = values["PASSWORD"],
            let databaseUser = values["DATABASE_USER"], let brokerUser = values["BROKER_USER"],
            let management = values["BROKER_MANAGEMENT"]
        else { throw Problem(description: "fault-servers.sh said: \(text)") }
        self.directory = directory
        database = PostgresConfiguration(
            host: "127.0.0.1", port: databasePort, database: "postgres", user: databaseUser, password: password,
            applicationName: "copps-fault-suite", statementTimeout: .seconds(60))
        broker = AMQPConfiguration(
            brokers: brokers, virtualHost: "copps", user: brokerUser, password: password, connectionName: "fault suite")
        self.management = management.split(separator: ",").map(String.init)
    }

    /// Does to the servers what the script can do.
    func tell(_ command: String...) async throws {
        _ = try await Self.run(directory, command)
    }

    private static func run(_ directory: String, _ command: [String]) async throws -> String {
        let script = Installation.repository.appending(path: "deploy/lib/fault-servers.sh")
        let output = FileManager.default.temporaryDirectory.appending(path: "copps-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        // To a file: the servers inherit the script's output, and a pipe would stay open as long as they live.
        _ = try await Installation.run(
            URL(filePath: "/bin/bash"),
            ["-c", #"exec "$@" > "$0" 2> "$0.errors""#, output.path, script.path, directory] + command,
            ProcessInfo.processInfo.environment)
        return try String(contentsOf: output, encoding: .utf8)
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }
}
