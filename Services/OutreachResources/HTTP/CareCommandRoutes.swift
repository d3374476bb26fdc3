import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit

/// What people and receiving services tell: an attempt to reach somebody, where a referral stands, how full a service
/// is.
struct CareCommandRoutes: Sendable {
    let commands: CareCommands
    let reader: CareReader
    let directory: DirectorySource

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/follow-ups/{follow-up}/attempts", use: recordAttempt)
        routes.post("v1/referrals/{referral}/status", use: moveReferral)
        routes.post("v1/capacity-observations", use: observeCapacity)
    }

    private struct AttemptBody: Decodable {
        let outcome: AttemptOutcome
        let needs: [Need]?
        let consent: Fact?
    }

    private struct StatusBody: Decodable {
        let status: ReferralStatus
        let by: ReferralVoice
        let reason: String?
    }

    /// With `reached-needs` come the needs and whether the person agrees to be referred for them.
    @Sendable private func recordAttempt(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let id: FollowUpID = try context.identifier("follow-up")
        try principal.require(oneOf: try await reader.agencies(of: id))
        let body = try await request.decode(as: AttemptBody.self, context: context)
        let needs = body.needs ?? []
        if let unknown = needs.firstIndex(where: { !$0.isKnown }) {
            let known = Need.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid([.init(pointer: "/needs/\(unknown)", code: "invalid", detail: "one of \(known)")])
        }
        if let consent = body.consent, !consent.isKnown {
            throw Problem.invalid([.init(pointer: "/consent", code: "invalid", detail: "yes, no or unknown")])
        }
        guard body.outcome == .reachedWithNeeds || (needs.isEmpty && body.consent == nil) else {
            throw Problem.invalid([
                .init(pointer: "/needs", code: "invalid", detail: "needs and consent go with reached-needs")
            ])
        }
        return try await commands.perform(
            .recordAttempt(
                id, body.outcome, PersonTold(needs: needs, consent: body.consent), by: principal.name),
            request, context)
    }

    /// A partner speaks for its own services, and for nobody else.
    @Sendable private func moveReferral(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
        let principal = try context.require(.operator, .supervisor, .unit, .partner)
        let id: ReferralID = try context.identifier("referral")
        let body = try await request.decode(as: StatusBody.self, context: context)
        if principal.role == .partner {
            guard let service = try await reader.service(of: id), speaks(principal, for: service), body.by == .receiver
            else { throw Problem.forbidden("a partner answers referrals to its own services, as their receiver") }
        } else {
            try principal.require(oneOf: try await reader.agencies(of: id))
        }
        return try await commands.perform(
            .moveReferral(id, to: body.status, by: body.by, reason: body.reason), request, context)
    }

    @Sendable private func observeCapacity(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
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
        return try await commands.perform(.observeCapacity(seen), request, context, status: .created)
    }

    private func speaks(_ principal: Principal, for service: UUID) -> Bool {
        let directory = directory.current
        let organization = directory.service(service).flatMap { directory.organization($0.organization) }
        return organization?.partner == principal.name
    }
}
