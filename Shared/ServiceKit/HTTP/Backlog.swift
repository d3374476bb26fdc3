package import Hummingbird
import Messaging
import Metrics
package import Postgres
import Synchronization

/// Refuses what can wait, with 503 and `Retry-After`, while so much is still to be published that it would come in the
/// way. Commands about people and single records never go through it.
struct Backlog: RouterMiddleware {
    /// Messages in the outbox: seconds of the relay's work.
    static let limit = 20_000

    let database: PostgresClient
    private let seen = Seen()

    /// The last look, which serves for a second.
    private final class Seen: Sendable {
        let state = Mutex<(at: ContinuousClock.Instant, isHigh: Bool)?>(nil)
    }

    init(database: PostgresClient) {
        self.database = database
    }

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard try await !isHigh() else {
            Counter(label: "http_requests_shed_total").increment()
            throw Problem(
                status: .serviceUnavailable, code: "backlog", detail: "more urgent messages go first; ask again then",
                headers: [.retryAfter: "5"])
        }
        return try await next(request, context)
    }

    private func isHigh() async throws -> Bool {
        let last = seen.state.withLock { $0 }
        if let last, ContinuousClock.now - last.at < .seconds(1) { return last.isHigh }
        let rows = try await database.query(
            "select count(*) > \(Self.limit) from (select from outbox limit \(Self.limit + 1)) as waiting")
        let isHigh = try rows.first?.decode(Bool.self) ?? false
        seen.state.withLock { $0 = (.now, isHigh) }
        return isHigh
    }
}

extension RouterGroup<APIContext> {
    /// For routes whose callers can wait while the service has more urgent things to say.
    package func afterBacklog(of database: PostgresClient) -> RouterGroup<APIContext> {
        group().add(middleware: Backlog(database: database))
    }
}
