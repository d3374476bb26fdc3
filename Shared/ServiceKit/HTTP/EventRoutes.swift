import Foundation
import Hummingbird
import Logging
import Messaging

/// `POST /v1/events/replay`: has events of the service's ledger published once more, for operators; at most 1,000 ids.
struct EventRoutes: Sendable {
    let ledger: EventLedger

    private struct Wanted: Decodable {
        let ids: [UUID]
    }

    private struct Answer: Encodable, Sendable {
        /// How many of the ids are events of this service.
        let published: Int
    }

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/events/replay") { request, context in
            let principal = try context.require(.operator)
            let wanted = try await request.decode(as: Wanted.self, context: context)
            guard wanted.ids.count <= 1000 else { throw Problem.badRequest("too-many", "at most 1,000 ids at once") }
            let count = try await ledger.publishAgain(wanted.ids)
            context.logger.notice(
                "events published again", metadata: ["count": "\(count)", "principal": "\(principal.name)"])
            return JSONBody(Answer(published: count), status: .accepted)
        }
    }
}
