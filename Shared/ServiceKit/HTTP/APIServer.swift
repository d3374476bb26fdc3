package import Contracts
package import Hummingbird
package import Logging
import ServiceLifecycle

/// The HTTP side of a service: its own routes behind bearer tokens, and beside them what every service has.
///
/// Errors are answered as problem documents: 404 for an unknown path, 405 with `Allow` for a method a path does not
/// have, 413 for a body over ``APIContext/bodyLimit``. On shutdown requests under way are finished.
package struct APIServer: Service {
    private let application: Application<RouterResponder<APIContext>>

    /// `onRunning` is called with the port once the server listens.
    package init(
        _ configuration: HTTPConfiguration, service: ServiceName, principals: PrincipalStore, health: Health,
        metrics: MetricsRegistry, logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void = { _ in },
        routes: (RouterGroup<APIContext>) -> Void
    ) {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestTelemetry(metrics: metrics))
        router.add(middleware: ErrorMiddleware())
        OperationsRoutes(health: health, metrics: metrics).add(to: router.group())
        let protected = router.group().add(middleware: BearerAuthentication(principals: principals))
        PrincipalRoutes(principals: principals).add(to: protected)
        routes(protected)
        Self.refuseOtherMethods(of: router)
        application = Application(
            router: router, server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "copps-\(service)"),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                logger.notice("listening", metadata: ["host": "\(configuration.host)", "port": "\(port)"])
                await onRunning(port)
            },
            logger: logger)
    }

    package func run() async throws {
        try await application.run()
    }

    /// The router answers 404 for a method that a known path lacks; HTTP wants 405 and the methods there are.
    private static func refuseOtherMethods(of router: Router<APIContext>) {
        for (_, routes) in Dictionary(grouping: router.routes, by: \.path.description) {
            var allowed = routes.map(\.method)
            if allowed.contains(.get) { allowed.append(.head) }
            for method in [.get, .head, .post, .put, .patch, .delete, .options] as [HTTPRequest.Method]
            where !allowed.contains(method) {
                router.on(routes[0].path, method: method) { [allowed] _, _ -> Response in
                    throw Problem.methodNotAllowed(allowed)
                }
            }
        }
    }
}
