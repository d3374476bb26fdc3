import Contracts
import Hummingbird
import Logging
import ServiceKit

/// `POST /v1/directory/reload`: takes the edited `directory.yaml` into use. A bad one is refused with every problem, and
/// the old one stays in force.
struct DirectoryReloadRoutes: Sendable {
    let directory: DirectorySource

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/directory/reload", use: reload)
    }

    struct Answer: Encodable {
        let version: String
        let hash: String
        let services: Int
    }

    @Sendable private func reload(_ request: Request, _ context: APIContext) async throws -> JSONBody<Answer> {
        try context.require(.operator)
        do {
            let loaded = try directory.reload()
            context.logger.notice(
                "directory reloaded", metadata: ["version": "\(loaded.version)", "hash": "\(loaded.hash)"])
            return JSONBody(Answer(version: loaded.version, hash: loaded.hash, services: loaded.services.count))
        } catch {
            throw Problem.invalid(error.problems.map { .init(pointer: "", code: "directory", detail: $0) })
        }
    }
}
