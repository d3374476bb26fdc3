import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Metrics

/// Counts, times and logs each request, and joins it to the trace it came with.
///
/// Knows a request by its route's template, so that neither ids nor queries reach a log or a label. For a streamed
/// response the time is that of its head.
struct RequestTelemetry: RouterMiddleware {
    private let metrics: MetricsRegistry

    init(metrics: MetricsRegistry) {
        self.metrics = metrics
        metrics.describe(
            "http.server.request.duration", as: .durations, "Time to the response's head, by route, method and status.")
    }

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let parent = HTTPField.Name("traceparent").flatMap { TraceContext(traceparent: request.headers[$0]) }
        var context = context
        context.trace = parent?.child() ?? .root()
        context.logger[metadataKey: "trace_id"] = "\(context.trace.traceID)"
        let bound = context
        let response = try await withLogger(bound.logger) { _ in try await next(request, bound) }
        record(request, response, bound, ContinuousClock.now - start)
        return response
    }

    private func record(_ request: Request, _ response: Response, _ context: APIContext, _ duration: Duration) {
        let route = context.endpointPath ?? "unknown"
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        Timer(
            label: "http.server.request.duration",
            dimensions: [
                ("http.route", route), ("http.request.method", method),
                ("http.response.status_code", "\(response.status.code)"),
            ],
            factory: metrics
        ).recordNanoseconds(Int64(duration / .nanoseconds(1)))
        context.logger.log(
            level: Self.quietRoutes.contains(route) ? .debug : .info, "request answered",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(response.status.code)",
                "milliseconds": "\((duration / .milliseconds(1) * 10).rounded() / 10)",
                "principal": "\(context.principal?.name ?? "none")",
            ])
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
    /// Asked every few seconds by machines.
    private static let quietRoutes: Set<String> = ["/livez", "/readyz", "/metrics"]
}
