import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What officers and supervisors do with their agency's cases and problems: the next action and its deadline, or the
/// end and its reason.
struct CaseworkRoutes: Sendable {
    let commands: CareCommands
    let reader: CareReader

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/cases/{id}", use: reviseCase)
        routes.post("v1/problems/{id}", use: reviseProblem)
    }

    /// `{nextAction, deadline}`, or `{closed: true, reason}`.
    private struct Change: Decodable {
        let nextAction: ActionText?
        let deadline: Date?
        let closed: Bool?
        let reason: ActionText?

        var change: CaseworkChange {
            get throws(Problem) {
                switch (nextAction, deadline, closed ?? false, reason) {
                case (let action?, let deadline?, false, nil): return .next(action: action.text, deadline: deadline)
                case (nil, nil, true, let reason?): return .closed(because: reason.text)
                default:
                    throw .invalid([
                        .init(
                            pointer: "", code: "invalid",
                            detail: "give nextAction and deadline, or closed: true and reason")
                    ])
                }
            }
        }
    }

    private struct Stage: Decodable {
        let stage: ProblemStage?
    }

    @Sendable private func reviseCase(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let id: CaseID = try context.identifier("id")
        try principal.require(oneOf: try await reader.agencies(of: id))
        let body = try await request.decode(as: Change.self, context: context)
        return try await commands.perform(.reviseCase(id, try body.change), request, context)
    }

    /// The same, and the stage that the problem is in then; `closed` has none but that.
    @Sendable private func reviseProblem(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<CareCommands.Answer> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let id: ProblemID = try context.identifier("id")
        try principal.require(oneOf: try await reader.agencies(of: id))
        let body = try await request.decode(as: ProblemChange.self, context: context)
        let change = try body.change.change
        let isClosing = if case .closed = change { true } else { false }
        guard let stage = body.stage ?? (isClosing ? .closed : nil), isClosing == (stage == .closed) else {
            throw Problem.invalid([
                .init(
                    pointer: "/stage", code: "invalid",
                    detail: "scanning, analysis, response or assessment; to end it, closed: true")
            ])
        }
        return try await commands.perform(.reviseProblem(id, to: stage, change), request, context)
    }

    private struct ProblemChange: Decodable {
        let stage: ProblemStage?
        let change: Change

        init(from decoder: any Decoder) throws {
            stage = try Stage(from: decoder).stage
            change = try Change(from: decoder)
        }
    }
}
