import Foundation
import Hummingbird
import Logging
import Messaging

/// `/v1/parked`: what a service set aside, for operators. A message's content is shown only when asked for, and that is
/// logged.
struct ParkedRoutes: Sendable {
    let parked: ParkedStore

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("v1/parked") { _, context in
            try context.require(.operator)
            return JSONBody(try await parked.groups())
        }
        routes.get("v1/parked/{message}") { request, context in
            let principal = try context.require(.operator)
            let withBody = request.uri.queryParameters.get("body") == "true"
            guard let message = try await parked.message(try Self.id(context), withBody: withBody) else {
                throw Problem.notFound("no such message is parked here")
            }
            if withBody {
                context.logger.notice(
                    "parked content shown",
                    metadata: ["message": "\(message.id)", "principal": "\(principal.name)"])
            }
            return JSONBody(message)
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
