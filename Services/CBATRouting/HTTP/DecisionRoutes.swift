import Contracts
import Hummingbird
import ServiceKit

/// `GET /v1/decisions/{call}`: what routing decided about a call, oldest first: who answers, why, and the pairs compared,
/// in order of preference with their terms in minutes or with the reason they were set aside.
///
/// Open to operators, supervisors and the call's own agency.
struct DecisionRoutes {
    let queries: RoutingQueries

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/decisions/{call}") { _, context in
            let principal = try context.require(.operator, .supervisor, .cad, .unit)
            let id = try context.identifier("call", as: CallID.self)
            guard let call = try await queries.call(id) else { throw Problem.notFound("routing knows no such call") }
            guard principal.actsFor(call.agency) else {
                throw Problem.forbidden("this call belongs to another agency")
            }
            return JSONBody(
                History(
                    call: id, agency: call.agency, standing: call.standing, owner: call.owner, joinedTo: call.joinedTo,
                    decisions: try await queries.decisions(id)))
        }
    }

    private struct History: Encodable {
        let call: CallID
        let agency: AgencyID
        let standing: RoutedCall.Standing
        let owner: OwnerRole?
        let joinedTo: CallID?
        let decisions: [RoutingDecision]
    }
}
