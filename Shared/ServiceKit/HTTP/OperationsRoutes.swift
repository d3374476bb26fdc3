import Hummingbird

/// `/livez`, `/readyz` and `/metrics`: for orchestrators and Prometheus, without a token, and so without detail.
struct OperationsRoutes: Sendable {
    let health: Health
    let metrics: MetricsRegistry

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("livez") { _, _ in Self.answer(health.alive()) }
        routes.get("readyz") { _, _ in Self.answer(await health.ready()) }
        routes.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
        }
    }

    private static func answer(_ report: Health.Report) -> JSONBody<Health.Report> {
        JSONBody(
            report, status: report.status == .fail ? .serviceUnavailable : .ok,
            contentType: "application/health+json")
    }
}
