import AMQP
import ArgumentParser
import Contracts
import Foundation
import Postgres

/// The environment of the command, read when a command needs it, so that each asks only for what it uses.
enum Environment {
    static func value(_ name: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let value = environment[name], !value.isEmpty { return value }
        guard let path = environment["\(name)_FILE"] else { return nil }
        return (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func require(_ name: String) throws -> String {
        guard let value = value(name) else {
            throw CommandFailure(
                "\(name) is not set; give it in the environment, or the name of a file in \(name)_FILE")
        }
        return value
    }

    static func port(_ name: String) throws -> Int {
        let text = try require(name)
        guard let port = Int(text), (1...65535).contains(port) else {
            throw CommandFailure("\(name) is \(text), which is no port; give 1 to 65535")
        }
        return port
    }

    /// Where AMQP is spoken: one broker, or the nodes of a cluster.
    static func brokers() throws -> [BrokerAddress] {
        let text = try require("COPPS_BROKER_HOST")
        guard let brokers = BrokerAddress.list(text, defaultPort: try port("COPPS_BROKER_PORT")) else {
            throw CommandFailure("COPPS_BROKER_HOST is \(text); give host names with commas: mq1,mq2:5673,mq3")
        }
        return brokers
    }

    static func database(user: String, password: String) throws -> PostgresConfiguration {
        PostgresConfiguration(
            host: try require("COPPS_DATABASE_HOST"), port: try port("COPPS_DATABASE_PORT"),
            database: try require("COPPS_DATABASE_NAME"), user: user, password: password, applicationName: "copps")
    }

    /// `COPPS_CBAT_ROUTING_DATABASE_PASSWORD` and the like.
    static func name(_ service: ServiceName, _ suffix: String) -> String {
        "COPPS_\(service.schema.uppercased())_\(suffix)"
    }
}

/// An expected failure: printed as it is, without a usage text.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
