import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// `GET /v1/travel/closure`: the legs of I-10 and whether they are open. `PUT`: the legs closed from now on, `[]` for
/// none; replaces what was said before. For operators and supervisors; reading for anyone in the field.
struct ClosureRoutes {
    let roster: Reloadable<Roster>
    let queries: RoutingQueries
    let route: Processor<RouteCalls>

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/travel/closure") { _, context in
            try context.require(.operator, .supervisor, .unit, .cad)
            return JSONBody(View(roster.current.travel, try await queries.closure()))
        }
        routes.put("/v1/travel/closure") { request, context in
            let principal = try context.require(.operator, .supervisor)
            let wanted = try await request.decode(as: Wanted.self, context: context)
            try await route.perform(
                .closure(ClosureCommand(closed: wanted.closed, reason: wanted.reason, by: principal.name)),
                key: try request.idempotencyKey(for: principal), trace: context.trace)
            return JSONBody(View(roster.current.travel, try await queries.closure()))
        }
    }

    private struct Wanted: Decodable {
        let closed: [String]
        let reason: String
    }

    private struct View: Encodable {
        struct Leg: Encodable {
            let id: String
            let between: [Community]
            let isClosed: Bool
            /// As it is now; absent when there is no way.
            let minutes: Int?
        }

        let legs: [Leg]
        let reason: String?
        let changedBy: String?
        let changedAt: Date?

        init(_ travel: TravelModel, _ closure: RoadClosure) {
            legs = travel.legs.map { leg in
                let isClosed = closure.legs.contains(leg.id)
                return Leg(
                    id: leg.id, between: leg.between, isClosed: isClosed,
                    minutes: isClosed ? leg.closedMinutes : leg.minutes)
            }
            reason = closure.reason
            changedBy = closure.changedBy
            changedAt = closure.changedAt
        }
    }
}
