import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `GET /v1/ledger?from=&to=`: how the clinicians' minutes were divided among the communities, against the shares agreed.
/// Without times, over the window that choosing a pair looks back.
struct LedgerRoutes {
    let roster: Reloadable<Roster>
    let queries: RoutingQueries
    let now: @Sendable () -> Date

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/ledger") { request, context in
            try context.require(.operator, .supervisor)
            let roster = roster.current
            let to = try Self.time("to", request) ?? now()
            let window = Double(roster.fairness.windowDays) * 86400
            let from = try Self.time("from", request) ?? to.addingTimeInterval(-window)
            return JSONBody(LedgerView(try await queries.ledger(from: from, to: to), roster, from: from, to: to))
        }
    }

    private static func time(_ name: String, _ request: Request) throws(Problem) -> Date? {
        guard let text = request.uri.queryParameters.get(name) else { return nil }
        guard let date = ContractJSON.date(text) else {
            throw .badRequest("invalid-time", "\(name) must be an RFC 3339 time")
        }
        return date
    }
}
