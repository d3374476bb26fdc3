import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `GET /v1/match`: who can help with a need, the phone list in best order. Asks for nothing that names a person.
struct MatchRoutes: Sendable {
    let directory: DirectorySource
    let reader: CareReader
    let now: @Sendable () -> Date

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("v1/match", use: match)
    }

    struct Found: Codable, Sendable {
        let service: UUID
        let name: String
        let organization: String
        let phone: String?
        let score: Int
        let reasons: [String]
        let capacity: CapacityObservation?
        let capacityAgeMinutes: Int?
    }

    struct Answer: Codable, Sendable {
        /// SHA-256 of the directory that answered.
        let directory: String
        let matches: [Found]
    }

    @Sendable private func match(_ request: Request, _ context: APIContext) async throws -> JSONBody<Answer> {
        try context.require()
        let reader = QueryReader(request)
        guard let need = try reader.word("need", Need.self) else {
            throw Problem.badRequest("invalid-parameter", "`need` is required")
        }
        let now = now()
        let query = MatchQuery(
            need: need, ageBand: try reader.word("ageBand"), language: reader.text("language"),
            community: try reader.word("community"), legalStatus: try reader.word("legalStatus"),
            at: try reader.time("at") ?? now)
        let directory = directory.current
        let matches = directory.matches(query, capacity: try await self.reader.capacity(directory))
        return JSONBody(
            Answer(
                directory: directory.hash,
                matches: matches.map { match in
                    Found(
                        service: match.service.id, name: match.service.name,
                        organization: directory.organization(match.service.organization)?.name ?? "",
                        phone: match.service.phone, score: match.score, reasons: match.reasons,
                        capacity: match.capacity,
                        capacityAgeMinutes: match.capacity.map { Int($0.age(at: now) / 60) })
                }))
    }
}
