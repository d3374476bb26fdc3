import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// `GET /v1/decisions/{call}`: every decision on a call with its reasons, oldest first; `holds` is the number of the one
/// in force. `POST …/override` overrules the rules, `DELETE …/override` gives the call back to them; both want a reason
/// and answer with the decisions.
///
/// Open to operators, supervisors and the call's own agency; overriding to operators and supervisors.
struct DecisionRoutes {
    let archive: DecisionArchive
    let assess: Processor<AssessCalls>

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/decisions/{call}") { _, context in
            let principal = try context.require(.operator, .supervisor, .cad, .unit)
            let call = try context.identifier("call", as: CallID.self)
            return Self.response(try await history(of: call, for: principal))
        }
        routes.post("/v1/decisions/{call}/override") { request, context in
            let principal = try context.require(.operator, .supervisor)
            let call = try context.identifier("call", as: CallID.self)
            let choice = try await request.decode(as: Override.Choice.self, context: context)
            let problems = choice.problems
            guard problems.isEmpty else { throw Problem.invalid(problems) }
            _ = try await history(of: call, for: principal)
            try await assess.perform(
                .override(call, choice, by: principal.name), key: try request.idempotencyKey(for: principal),
                correlation: call.uuid, trace: context.trace)
            return Self.response(try await history(of: call, for: principal))
        }
        routes.delete("/v1/decisions/{call}/override") { request, context in
            let principal = try context.require(.operator, .supervisor)
            let call = try context.identifier("call", as: CallID.self)
            let release = try await request.decode(as: ReleaseBody.self, context: context)
            guard release.reason.contains(where: { !$0.isWhitespace }) else {
                throw Problem.invalid([.missingReason])
            }
            _ = try await history(of: call, for: principal)
            try await assess.perform(
                .release(call, reason: release.reason, by: principal.name),
                key: try request.idempotencyKey(for: principal), correlation: call.uuid, trace: context.trace)
            return Self.response(try await history(of: call, for: principal))
        }
    }

    private struct ReleaseBody: Decodable {
        let reason: String
    }

    /// Operators and supervisors without an agency act for all; everyone else sees their own agency's calls.
    private func history(of call: CallID, for principal: Principal) async throws -> DecisionArchive.History {
        guard let history = try await archive.history(of: call) else {
            throw Problem.notFound("triage knows no such call")
        }
        guard principal.actsFor(history.agency) else {
            throw Problem.forbidden("this call belongs to another agency")
        }
        return history
    }

    private static func response(_ history: DecisionArchive.History) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: history.json)))
    }
}
