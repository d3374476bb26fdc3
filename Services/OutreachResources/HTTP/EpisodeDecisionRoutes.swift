import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What a supervisor decides about a person's care: who goes on with it, or that it ends and why.
struct EpisodeDecisionRoutes: Sendable {
    let commands: CareCommands
    let reader: CareReader

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/episodes/{id}/assign", use: assign)
        routes.post("v1/episodes/{id}/close", use: close)
    }

    private struct Assignment: Decodable {
        let owner: OwnerRole
        let nextAction: ActionText
        let deadline: Date
    }

    private struct Closing: Decodable {
        let reason: ClosingReason
    }

    /// Never to routing or a pair: those answer when a call is offered to them.
    private static let owners = OwnerRole.allCases.filter { ![.cbatRouting, .cbatPair].contains($0) }

    @Sendable private func assign(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
        let id = try await episode(context)
        let body = try await request.decode(as: Assignment.self, context: context)
        guard Self.owners.contains(body.owner) else {
            let owners = Self.owners.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid([.init(pointer: "/owner", code: "invalid", detail: "one of \(owners)")])
        }
        return try await commands.perform(
            .assignEpisode(id, action: body.nextAction.text, to: body.owner, by: body.deadline), request, context)
    }

    @Sendable private func close(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
        let id = try await episode(context)
        let body = try await request.decode(as: Closing.self, context: context)
        return try await commands.perform(.closeEpisode(id, because: body.reason), request, context)
    }

    private func episode(_ context: APIContext) async throws -> EpisodeID {
        let principal = try context.require(.operator, .supervisor)
        let id: EpisodeID = try context.identifier("id")
        try principal.require(oneOf: try await reader.agencies(of: id))
        return id
    }
}
