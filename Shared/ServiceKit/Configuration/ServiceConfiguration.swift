package import AMQP
package import Contracts
package import Foundation
package import Logging
import Messaging
package import Postgres

/// What every service must be told before it can start. Read once, checked as a whole, passed down.
package struct ServiceConfiguration: Sendable {
    package let database: PostgresConfiguration
    package let broker: AMQPConfiguration
    package let http: HTTPConfiguration
    package let clock: DomainClock
    /// How many days the service's messages are kept.
    package let retentionDays: Int
    /// SHA-256 of the operator's token; the token itself is never given to a service.
    package let operatorTokenHash: Data
    package let logLevel: Logger.Level
    /// Holds the rules, rosters and directories, as YAML and CSV.
    package let directory: URL

    package init(_ settings: inout Settings, service: ServiceName) throws(ConfigurationError) {
        database = PostgresConfiguration(
            host: settings.text("COPPS_DATABASE_HOST", "host name of PostgreSQL"),
            port: settings.port("COPPS_DATABASE_PORT", "port of PostgreSQL", default: 5432),
            database: settings.text("COPPS_DATABASE_NAME", "name of the database", default: "copps"),
            user: settings.text("COPPS_DATABASE_USER", "database role of the service", default: service.schema),
            password: settings.secret("COPPS_DATABASE_PASSWORD", "password of the service's database role"),
            applicationName: "copps-\(service)", schema: service.schema,
            tls: settings.value(
                "COPPS_DATABASE_TLS", "disable, prefer, require or verify-full", default: .prefer,
                parse: PostgresConfiguration.TLS.init(rawValue:)) ?? .prefer)
        let port = settings.port("COPPS_BROKER_PORT", "AMQP port of RabbitMQ", default: 5672)
        broker = AMQPConfiguration(
            brokers: settings.value(
                "COPPS_BROKER_HOST", "host name of RabbitMQ, or of each node of its cluster: mq1,mq2:5673,mq3"
            ) { BrokerAddress.list($0, defaultPort: port) } ?? [],
            virtualHost: settings.text("COPPS_BROKER_VHOST", "virtual host", default: "copps"),
            user: settings.text("COPPS_BROKER_USER", "broker user of the service", default: service.schema),
            password: settings.secret("COPPS_BROKER_PASSWORD", "password of the service's broker user"),
            connectionName: "\(service)")
        http = HTTPConfiguration(
            host: settings.text("COPPS_HTTP_HOST", "address to listen on", default: "0.0.0.0"),
            port: settings.port("COPPS_HTTP_PORT", "port to listen on", default: 8080))
        clock = DomainClock(&settings)
        retentionDays =
            settings.value(
                "COPPS_RETENTION_DAYS", "how many days messages are kept, \(Upkeep.daysBehind) or more", default: 90
            ) { text in Int(text).flatMap { (Upkeep.daysBehind...36_500).contains($0) ? $0 : nil } } ?? 90
        operatorTokenHash =
            settings.value(
                "COPPS_OPERATOR_TOKEN_SHA256", "SHA-256 of the operator's token, 64 hexadecimal digits", isSecret: true,
                parse: Token.hash(hexadecimal:)) ?? Data()
        logLevel =
            settings.value(
                "COPPS_LOG_LEVEL", "trace, debug, info, notice, warning, error or critical", default: .info,
                parse: Logger.Level.init(rawValue:)) ?? .info
        directory =
            settings.value("COPPS_CONFIG_DIR", "an existing directory that holds the rules and rosters") { path in
                var isDirectory: ObjCBool = false
                let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
                return exists && isDirectory.boolValue ? URL(filePath: path, directoryHint: .isDirectory) : nil
            } ?? URL(filePath: "/")
        try settings.check()
    }
}

/// Where the HTTP server listens. Port 0 takes any free one.
package struct HTTPConfiguration: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
