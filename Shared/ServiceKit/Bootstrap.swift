package import Contracts
import Foundation
package import Logging
import Metrics
package import ServiceLifecycle
import UnixSignals

/// The life of a service's process, the same for all five.
package enum Bootstrap {
    /// Reads the configuration, composes the service and runs it until SIGTERM or SIGINT, then lets it finish within
    /// ten seconds. Services start in the order given and stop in reverse.
    ///
    /// Exits with 78 (`EX_CONFIG`) when the configuration is wrong, having said everything that is; with 1 when the
    /// service cannot go on.
    package static func run(
        _ service: ServiceName, compose: (ServiceEnvironment) async throws -> [any Service]
    ) async {
        do {
            var settings = Settings()
            let configuration = try ServiceConfiguration(&settings, service: service)
            let environment = environment(service, configuration)
            try await withLogger(environment.logger) { logger in
                do {
                    try await serve(try await compose(environment), logger: logger)
                    logger.notice("stopped")
                } catch let error where !(error is ConfigurationError) {
                    logger.critical("cannot go on", metadata: ["error": "\(error)"])
                    exit(1)
                }
            }
        } catch {
            StandardError.write("\(error)")
            exit(78)
        }
    }

    /// Sets up logging and metrics, once for the process.
    private static func environment(
        _ service: ServiceName, _ configuration: ServiceConfiguration
    ) -> ServiceEnvironment {
        LoggingSystem.bootstrap { label in
            JSONLogHandler(service: service.rawValue, label: label, level: configuration.logLevel)
        }
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        Gauge(label: "process.start.time.seconds", factory: metrics)
            .record(Date().timeIntervalSince1970)
        return ServiceEnvironment(
            service: service, configuration: configuration, logger: Logger(label: "copps.\(service)"), metrics: metrics)
    }

    /// Runs the services together: when one of them ends, for whatever reason, the others are asked to finish.
    package static func serve(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { service in
                // Named by type: the default name prints the whole value, passwords included.
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "\(type(of: service))")
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }
}
