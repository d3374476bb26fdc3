import Foundation
import Hummingbird
import Messaging

/// `/v1/parked`: what a service set aside, for operators. A message's content is shown only when asked for, and who saw
/// it is kept.
struct ParkedRoutes: Sendable {
    let parked: ParkedStore

    private struct Group: Decodable {
        let code: String
        let type: String?
    }

    private struct Answer: Encodable, Sendable {
        /// How many messages are handled again.
        let replayed: Int
    }

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("v1/parked") { _, context in
            try context.require(.operator)
            return JSONBody(try await parked.groups())
        }
        routes.get("v1/parked/{message}") { request, context in
            let principal = try context.require(.operator)
            let reader = request.uri.queryParameters.get("body") == "true" ? principal.name : nil
            guard let message = try await parked.message(try Self.id(context), shownTo: reader) else {
                throw Problem.notFound("no such message is parked here")
            }
            return JSONBody(message)
        }
        routes.post("v1/parked/replay") { request, context in
            try context.require(.operator)
            let group = try await request.decode(as: Group.self, context: context)
            let count = try await parked.replay(code: group.code, type: group.type)
            return JSONBody(Answer(replayed: count), status: .accepted)
        }
        routes.post("v1/parked/{message}/replay") { _, context in
            try context.require(.operator)
            guard try await parked.replay(try Self.id(context)) else {
                throw Problem.notFound("no such message waits here, or it was too large to keep")
            }
            return HTTPResponse.Status.accepted
        }
    }

    private static func id(_ context: APIContext) throws(Problem) -> UUID {
        guard let id = context.parameters.get("message").flatMap({ UUID(uuidString: $0) }) else {
            throw Problem.notFound("a parked message's id is a UUID")
        }
        return id
    }
}
