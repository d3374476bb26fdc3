import AMQP
import ArgumentParser
import Foundation
import Postgres

/// What `bench.py` tells a worker, see WORKLOAD.md.
struct WorkerSettings {
    let broker: AMQPConfiguration
    let database: PostgresConfiguration
    let queue: String
    let exchange: String
    let workerID: String

    init(_ environment: [String: String]) throws {
        func setting(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else { throw ValidationError("\(name) is not set.") }
            return value
        }
        queue = try setting("IN_QUEUE")
        exchange = try setting("OUT_EXCHANGE")
        workerID = try setting("WORKER_ID")
        let broker = try Address(setting("AMQP_URL"))
        self.broker = AMQPConfiguration(
            brokers: [BrokerAddress(host: broker.host, port: broker.port ?? 5672)],
            virtualHost: broker.path.isEmpty ? "/" : broker.path,
            user: broker.user ?? "guest", password: broker.password ?? "guest", connectionName: workerID)
        let database = try Address(setting("DATABASE_URL"))
        self.database = PostgresConfiguration(
            host: database.host, port: database.port ?? 5432, database: database.path,
            user: database.user ?? "postgres", password: database.password ?? "", applicationName: workerID,
            schema: WorkerSchema.name, tls: .disable)
    }

    private struct Address {
        let host: String
        let port: Int?
        let user: String?
        let password: String?
        /// Without the slash before it.
        let path: String

        init(_ text: String) throws {
            guard let url = URLComponents(string: text), let host = url.host else {
                throw ValidationError("\(text) is not an address.")
            }
            self.host = host
            (port, user, password, path) = (url.port, url.user, url.password, String(url.path.dropFirst()))
        }
    }
}
