import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// `GET /v1/roster`: the roster in force, who rides now, when the next shift begins, and the exceptions to come.
/// `POST /v1/roster/exceptions`: a pair out of service for a time, or another one riding in its place.
///
/// Reading is for anyone in the field; exceptions are for operators and supervisors.
struct RosterRoutes {
    let roster: Roster
    let queries: RoutingQueries
    let route: Processor<RouteCalls>
    let now: @Sendable () -> Date

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/roster") { _, context in
            try context.require(.operator, .supervisor, .unit, .cad)
            let now = now()
            return JSONBody(RosterView(roster, try await queries.exceptions(endingAfter: now), at: now))
        }
        routes.post("/v1/roster/exceptions") { request, context in
            let principal = try context.require(.operator, .supervisor)
            let wanted = try await request.decode(as: Wanted.self, context: context)
            try check(wanted, for: principal)
            let key = try request.idempotencyKey
            let exception = RosterException(
                id: key ?? .v7(), kind: wanted.kind, pairing: wanted.pairing, substitute: wanted.substitute,
                span: Span(start: wanted.from, end: wanted.until), reason: wanted.reason, madeBy: principal.name)
            try await route.perform(.exception(exception), key: key, trace: context.trace)
            return JSONBody(exception, status: .created)
        }
    }

    private struct Wanted: Decodable {
        let kind: RosterException.Kind
        let pairing: String
        let substitute: String?
        let from: Date
        let until: Date
        let reason: String
    }

    /// An agency's supervisor makes exceptions for its own pair.
    private func check(_ wanted: Wanted, for principal: Principal) throws(Problem) {
        guard wanted.reason.contains(where: { !$0.isWhitespace }) else {
            throw .invalid([.init(pointer: "/reason", code: "missing", detail: "say why")])
        }
        let agency = roster.pairing(wanted.pairing)?.agency
        guard principal.commandedAgency == nil || agency == nil || principal.commandedAgency == agency else {
            throw .forbidden("the pair is another agency's")
        }
    }
}
