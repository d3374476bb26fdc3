import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// Episodes, cases and problems as they stand: for the installation's operator and, each only of their own agency's
/// records, supervisors, and for casework units.
struct CareRoutes: Sendable {
    let reader: CareReader
    let now: @Sendable () -> Date

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("v1/episodes", use: episodes)
        routes.get("v1/episodes/{id}", use: episode)
        routes.get("v1/cases", use: cases)
        routes.get("v1/problems", use: problems)
    }

    struct Listing<Item: Codable & Sendable>: Codable, Sendable {
        let count: Int
        let items: [Item]

        init(_ items: [Item]) {
            count = items.count
            self.items = items
        }
    }

    /// `?orphans=true` lists those that nobody would notice; the audit expects none.
    @Sendable private func episodes(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<Listing<EpisodeSnapshot>> {
        let principal = try context.require(.operator, .supervisor)
        let query = QueryReader(request)
        return JSONBody(
            Listing(
                try await reader.openEpisodes(
                    orphans: try query.flag("orphans"), agency: principal.agency, at: now(),
                    limit: try query.number("limit", in: 1...1000) ?? 200)))
    }

    /// By the episode's id or its call's.
    @Sendable private func episode(_ request: Request, _ context: APIContext) async throws -> JSONBody<EpisodeReport> {
        let principal = try context.require(.operator, .supervisor)
        guard let id = UUID(uuidString: context.parameters.get("id") ?? ""), var report = try await reader.report(id)
        else {
            throw Problem.notFound("nothing is being done in an episode or for a call of this id")
        }
        try principal.require(oneOf: report.agencies)
        report.cases.removeAll { !principal.actsForOne(of: $0.agencies ?? []) }
        report.problems.removeAll { !principal.actsForOne(of: $0.agencies ?? []) }
        return JSONBody(report)
    }

    @Sendable private func cases(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<Listing<CaseSnapshot>> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let query = QueryReader(request)
        return JSONBody(
            Listing(
                try await reader.openCases(
                    program: try query.word("program"), agency: principal.agency,
                    limit: try query.number("limit", in: 1...1000) ?? 200)))
    }

    @Sendable private func problems(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<Listing<ProblemSnapshot>> {
        let principal = try context.require(.operator, .supervisor, .unit)
        let limit = try QueryReader(request).number("limit", in: 1...1000) ?? 200
        return JSONBody(Listing(try await reader.openProblems(agency: principal.agency, limit: limit)))
    }
}
