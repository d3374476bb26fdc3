import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// `GET /v1/assignments`: those under way; with `?overdue=true` those of them whose pair has been silent for too long;
/// with `?call=` all of a call, the latest first. `GET /v1/assignments/{id}`: one.
/// `POST /v1/assignments/{id}/…`: `accept`, `decline` (body `{"reason": …}`), `enroute`, `staged`, `scene-secured`,
/// `on-scene`, `contact`, `clear` (body: the outcome). Each answers with the assignment as it then stands; the same step
/// again, or the same `Idempotency-Key`, changes nothing; an illegal one is a 409 that says why.
///
/// A unit acts for its own agency's pairs, an agency's supervisor too; operators and other supervisors for all.
struct AssignmentRoutes {
    let roster: Reloadable<Roster>
    let queries: RoutingQueries
    let route: Processor<RouteCalls>
    let now: @Sendable () -> Date

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/assignments") { request, context in
            let principal = try context.require(.operator, .supervisor, .unit, .cad)
            let assignments = try await found(request)
            return JSONBody(Listing(assignments: assignments.filter(principal.maySee)))
        }
        routes.get("/v1/assignments/{assignment}") { _, context in
            let principal = try context.require(.operator, .supervisor, .unit, .cad)
            return JSONBody(try await assignment(context, for: principal))
        }
        let actions: [(String, UnitCommand.Action)] = [
            ("accept", .report(.accepted)), ("enroute", .report(.enroute)), ("staged", .report(.staged)),
            ("scene-secured", .sceneSecured), ("on-scene", .report(.onScene)), ("contact", .report(.contact)),
        ]
        for (name, action) in actions {
            routes.post("/v1/assignments/{assignment}/\(name)") { request, context in
                try await perform(action, request, context)
            }
        }
        routes.post("/v1/assignments/{assignment}/decline") { request, context in
            let body = try await request.decode(as: Declining.self, context: context)
            guard body.reason.contains(where: { !$0.isWhitespace }) else {
                throw Problem.invalid([.init(pointer: "/reason", code: "missing", detail: "say why")])
            }
            return try await perform(.report(.declined), request, context, reason: body.reason)
        }
        routes.post("/v1/assignments/{assignment}/clear") { request, context in
            let outcome = try await request.decode(as: EncounterOutcome.self, context: context)
            return try await perform(.report(.cleared), request, context, outcome: outcome)
        }
    }

    private struct Listing: Encodable {
        let assignments: [AssignmentSnapshot]
    }

    private struct Declining: Decodable {
        let reason: String
    }

    private func found(_ request: Request) async throws -> [AssignmentSnapshot] {
        guard let text = request.uri.queryParameters.get("call") else {
            guard request.uri.queryParameters.get("overdue") == "true" else {
                return try await queries.activeAssignments()
            }
            let silence = TimeInterval(roster.current.policy.silenceMinutes) * 60
            return try await queries.assignments(silentSince: now().addingTimeInterval(-silence))
        }
        guard let call = CallID(text) else { throw Problem.badRequest("invalid-call", "call must be a UUID") }
        return try await queries.assignments(ofCall: call)
    }

    private func assignment(_ context: APIContext, for principal: Principal) async throws -> AssignmentSnapshot {
        let id = try context.identifier("assignment", as: AssignmentID.self)
        guard let assignment = try await queries.assignment(id) else {
            throw Problem.notFound("there is no such assignment")
        }
        guard principal.maySee(assignment) else { throw Problem.forbidden("the assignment is another agency's") }
        return assignment
    }

    private func perform(
        _ action: UnitCommand.Action, _ request: Request, _ context: APIContext, reason: String? = nil,
        outcome: EncounterOutcome? = nil
    ) async throws -> JSONBody<AssignmentSnapshot> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let assignment = try await assignment(context, for: principal)
        guard principal.actsFor(assignment.unitAgency) else {
            throw Problem.forbidden("the assignment is another agency's unit's")
        }
        let command = UnitCommand(
            assignment: assignment.id, action: action, agency: principal.commandedAgency, reason: reason,
            outcome: outcome)
        try await route.perform(
            .command(command), key: try request.idempotencyKey(for: principal), correlation: assignment.call.uuid,
            trace: context.trace)
        return JSONBody(try await self.assignment(context, for: principal))
    }
}
