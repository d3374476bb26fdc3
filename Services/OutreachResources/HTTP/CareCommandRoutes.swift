import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// What people and receiving services tell: an attempt to reach somebody, where a referral stands, how full a service
/// is. `Idempotency-Key` makes a repeated request harmless.
struct CareCommandRoutes: Sendable {
    let processor: Processor<FollowCare>
    let reader: CareReader
    let directory: DirectorySource

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/follow-ups/{follow-up}/attempts", use: recordAttempt)
        routes.post("v1/referrals/{referral}/status", use: moveReferral)
        routes.post("v1/capacity-observations", use: observeCapacity)
    }

    private struct AttemptBody: Decodable {
        let outcome: AttemptOutcome
    }

    private struct StatusBody: Decodable {
        let status: ReferralStatus
        let by: ReferralVoice
        let reason: String?
    }

    /// The events that the command caused, in order.
    struct Answer: Encodable {
        let events: [String]

        init(_ outgoing: [Outgoing]) {
            events = outgoing.compactMap { item in
                guard case .event(let event) = item else { return nil }
                return "\(type(of: event).type)"
            }
        }
    }

    @Sendable private func recordAttempt(_ request: Request, _ context: APIContext) async throws -> JSONBody<Answer> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let id: FollowUpID = try context.identifier("follow-up")
        let body = try await request.decode(as: AttemptBody.self, context: context)
        return try await perform(.recordAttempt(id, body.outcome, by: principal.name), request, context)
    }

    /// A partner speaks for its own services, and for nobody else.
    @Sendable private func moveReferral(_ request: Request, _ context: APIContext) async throws -> JSONBody<Answer> {
        let principal = try context.require(.operator, .supervisor, .unit, .partner)
        let id: ReferralID = try context.identifier("referral")
        let body = try await request.decode(as: StatusBody.self, context: context)
        if principal.role == .partner {
            guard let service = try await reader.service(of: id), speaks(principal, for: service), body.by == .receiver
            else { throw Problem.forbidden("a partner answers referrals to its own services, as their receiver") }
        }
        return try await perform(
            .moveReferral(id, to: body.status, by: body.by, reason: body.reason), request, context)
    }

    @Sendable private func observeCapacity(_ request: Request, _ context: APIContext) async throws -> JSONBody<Answer> {
        let principal = try context.require(.operator, .supervisor, .unit, .partner)
        let seen = try await request.decode(as: CapacityObservation.self, context: context)
        guard seen.level != nil else {
            throw Problem.invalid([
                .init(pointer: "/count", code: "missing", detail: "give a count, or a band: full, few or many")
            ])
        }
        guard principal.role != .partner || speaks(principal, for: seen.service) else {
            throw Problem.forbidden("a partner reports the capacity of its own services")
        }
        return try await perform(.observeCapacity(seen), request, context, status: .created)
    }

    private func speaks(_ principal: Principal, for service: UUID) -> Bool {
        let directory = directory.current
        let organization = directory.service(service).flatMap { directory.organization($0.organization) }
        return organization?.partner == principal.name
    }

    private func perform(
        _ command: FollowCare.Command, _ request: Request, _ context: APIContext, status: HTTPResponse.Status = .ok
    ) async throws -> JSONBody<Answer> {
        let outgoing = try await processor.perform(
            .command(command), key: try request.idempotencyKey, trace: context.trace)
        return JSONBody(Answer(outgoing), status: status)
    }
}
