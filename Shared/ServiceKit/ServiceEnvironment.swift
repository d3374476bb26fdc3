package import AMQP
package import Contracts
package import Foundation
package import Hummingbird
package import Logging
package import Messaging
package import Postgres

/// What a service is composed from: its configuration, checked, and the things there is one of in a process.
package struct ServiceEnvironment: Sendable {
    package let service: ServiceName
    package let configuration: ServiceConfiguration
    package let logger: Logger
    package let metrics: MetricsRegistry

    package init(
        service: ServiceName, configuration: ServiceConfiguration, logger: Logger, metrics: MetricsRegistry
    ) {
        self.service = service
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
    }

    package var clock: DomainClock { configuration.clock }
    package var database: PostgresConfiguration { configuration.database }
    package var broker: AMQPConfiguration { configuration.broker }

    /// The content of a file in the configuration directory, for example `triage.yaml` or `call-types/banning-pd.csv`.
    package func file(_ name: String) throws(ConfigurationError) -> Data {
        let url = configuration.directory.appending(path: name)
        guard let data = try? Data(contentsOf: url) else {
            throw ConfigurationError(["the file \(url.path) cannot be read; COPPS_CONFIG_DIR must hold it."])
        }
        return data
    }

    /// The service's consumers, workers and relay are made from this.
    package func flow(_ database: PostgresClient) -> MessageFlow {
        MessageFlow(
            service, database: database, databaseConfiguration: self.database, broker: broker,
            retention: configuration.retentionDays, now: clock.now, logger: logger)
    }

    package func principals(_ database: PostgresClient) -> PrincipalStore {
        PrincipalStore(database, operatorTokenHash: configuration.operatorTokenHash)
    }

    /// The service's HTTP server: its own routes, and those every service has.
    package func server(
        _ database: PostgresClient, routes: (RouterGroup<APIContext>) -> Void
    ) -> APIServer {
        APIServer(
            configuration.http, service: service,
            principals: principals(database),
            health: Health(service: service, checks: [.database(database), .broker(broker, service: service)]),
            metrics: metrics, logger: logger
        ) { group in
            ParkedRoutes(parked: ParkedStore(service, database)).add(to: group)
            EventRoutes(ledger: EventLedger(database)).add(to: group.afterBacklog(of: database))
            routes(group)
        }
    }
}
