import AMQP
import ArgumentParser
import Contracts
import Foundation
import Postgres

/// The running installation that is measured, as `deploy/bench` tells of it in the environment.
struct Site {
    /// As the superuser: nobody but this program looks into all schemas. It looks hundreds of times a second, so the
    /// planner is kept to the keys: in tables without statistics it would walk all rows, and be what is measured.
    let database: PostgresConfiguration
    let broker: AMQPConfiguration
    /// By service; those that run.
    let processes: [ServiceName: ServiceProcess]
    /// The broker and the database.
    let servers: [String: ServiceProcess]

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        func setting(_ name: String) throws -> String {
            guard let value = environment["COPPS_\(name)"] else {
                throw ValidationError("COPPS_\(name) is not set: run this by deploy/bench.")
            }
            return value
        }
        database = PostgresConfiguration(
            host: try setting("DATABASE_HOST"), port: Int(try setting("DATABASE_PORT")) ?? 5432,
            database: try setting("DATABASE_NAME"), user: try setting("ADMIN_DATABASE_USER"),
            password: try setting("ADMIN_DATABASE_PASSWORD"), applicationName: "copps-bench",
            statementTimeout: .seconds(60), settings: ["enable_seqscan": "off", "enable_bitmapscan": "off"])
        broker = AMQPConfiguration(
            brokers: [BrokerAddress(host: try setting("BROKER_HOST"), port: Int(try setting("BROKER_PORT")) ?? 5672)],
            virtualHost: try setting("BROKER_VHOST"), user: try setting("BROKER_ADMIN_USER"),
            password: try setting("BROKER_ADMIN_PASSWORD"), connectionName: "copps-bench")
        func process(_ name: String) -> ServiceProcess? {
            environment["COPPS_\(name.uppercased())_PID"].flatMap(Int32.init).map(ServiceProcess.init)
        }
        processes = Dictionary(
            uniqueKeysWithValues: ServiceName.allCases.compactMap { service in
                process(service.schema).map { (service, $0) }
            })
        servers = ["rabbitmq", "postgres"].reduce(into: [:]) { $0[$1] = process($1) }
    }
}

/// One service's process, seen from outside.
struct ServiceProcess {
    let id: Int32

    var memoryMegabytes: Double { status("VmRSS:") }
    var peakMemoryMegabytes: Double { status("VmHWM:") }

    /// Seconds of CPU that it has used, and its children with it, also those that have ended.
    var cpu: Double {
        let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 14 else { return 0 }
        let ticks = fields[11...14].compactMap { Double($0) }.reduce(0, +)
        let children = (try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)) ?? ""
        let ids = children.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK))) + ids.map { ServiceProcess(id: $0).cpu }.reduce(0, +)
    }

    /// It stands still while its queue is filled.
    func freeze() { kill(id, SIGSTOP) }
    func thaw() { kill(id, SIGCONT) }

    private func status(_ name: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 }
            ?? 0
    }
}
