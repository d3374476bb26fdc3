import Contracts
import Foundation
import Hummingbird
import Logging
import Messaging
import ServiceKit

/// `GET /v1/roster`: the roster in force, who rides now, when the next shift begins, and the exceptions to come.
/// `POST /v1/roster/exceptions`: a pair out of service for a time, or another one riding in its place;
/// `DELETE /v1/roster/exceptions/{id}` withdraws one and answers with it. `POST /v1/roster/reload`: takes the edited file
/// into use.
///
/// Reading is for anyone in the field; exceptions are for operators and supervisors, an agency's supervisor decides about
/// its own pairs only; reloading is for operators.
struct RosterRoutes {
    let roster: Reloadable<Roster>
    let queries: RoutingQueries
    let route: Processor<RouteCalls>
    let now: @Sendable () -> Date

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/roster") { _, context in
            try context.require(.operator, .supervisor, .unit, .cad)
            let now = now()
            return JSONBody(RosterView(roster.current, try await queries.exceptions(endingAfter: now), at: now))
        }
        routes.post("/v1/roster/exceptions") { request, context in
            let principal = try context.require(.operator, .supervisor)
            let wanted = try await request.decode(as: Wanted.self, context: context)
            guard wanted.reason.contains(where: { !$0.isWhitespace }) else {
                throw Problem.invalid([.init(pointer: "/reason", code: "missing", detail: "say why")])
            }
            let key = try request.idempotencyKey(for: principal)
            let exception = RosterException(
                id: key ?? .v7(), kind: wanted.kind, pairing: wanted.pairing, substitute: wanted.substitute,
                span: Span(start: wanted.from, end: wanted.until), reason: wanted.reason, madeBy: principal.name)
            try check(exception, for: principal)
            try await route.perform(.exception(exception), key: key, trace: context.trace)
            return JSONBody(exception, status: .created)
        }
        routes.delete("/v1/roster/exceptions/{exception}") { request, context in
            let principal = try context.require(.operator, .supervisor)
            let id = context.parameters.get("exception").flatMap { UUID(uuidString: $0) }
            guard let exception = try await queries.exceptions(endingAfter: now()).first(where: { $0.id == id }) else {
                throw Problem.notFound("there is no such exception, or it is over")
            }
            try check(exception, for: principal)
            try await route.perform(
                .withdrawal(exception.id), key: try request.idempotencyKey(for: principal), trace: context.trace)
            context.logger.notice("roster exception withdrawn", metadata: ["exception": "\(exception.id)"])
            return JSONBody(exception)
        }
        ReloadRoute("/v1/roster/reload", roster) {
            ActiveFile(file: "roster.yaml", version: $0.version, hash: $0.hash)
        }.add(to: routes)
    }

    private struct Wanted: Decodable {
        let kind: RosterException.Kind
        let pairing: String
        let substitute: String?
        let from: Date
        let until: Date
        let reason: String
    }

    /// Both the pair that is taken off and the one that is put on must be the principal's. Of one that the roster does
    /// not have, the handler says so.
    private func check(_ exception: RosterException, for principal: Principal) throws(Problem) {
        let roster = roster.current
        for name in [exception.pairing, exception.substitute].compactMap(\.self) {
            guard let pairing = roster.pairing(name) else { continue }
            guard principal.actsFor(pairing.agency) else { throw .forbidden("pair \(name) is another agency's") }
        }
    }
}
