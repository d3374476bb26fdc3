import AMQP
import ArgumentParser
import Contracts
import Foundation
import Postgres

/// The running installation that is measured, as `deploy/bench` tells of it in the environment.
struct Site {
    /// As the superuser: nobody but this program looks into all schemas.
    let database: PostgresConfiguration
    let broker: AMQPConfiguration
    /// By service; those that run.
    let processes: [ServiceName: ServiceProcess]

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
            statementTimeout: .seconds(60))
        broker = AMQPConfiguration(
            brokers: [BrokerAddress(host: try setting("BROKER_HOST"), port: Int(try setting("BROKER_PORT")) ?? 5672)],
            virtualHost: try setting("BROKER_VHOST"), user: try setting("BROKER_ADMIN_USER"),
            password: try setting("BROKER_ADMIN_PASSWORD"), connectionName: "copps-bench")
        var processes: [ServiceName: ServiceProcess] = [:]
        for service in ServiceName.allCases {
            let name = "COPPS_\(service.schema.uppercased())_PID"
            if let pid = environment[name].flatMap(Int32.init) { processes[service] = ServiceProcess(id: pid) }
        }
        self.processes = processes
    }
}

/// One service's process, seen from outside.
struct ServiceProcess {
    let id: Int32

    var memoryMegabytes: Double { status("VmRSS:") }
    var peakMemoryMegabytes: Double { status("VmHWM:") }

    /// Seconds of CPU that it has used.
    var cpu: Double {
        let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
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
