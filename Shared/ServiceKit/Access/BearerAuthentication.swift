import Hummingbird
import Logging

/// Lets a request through only when it carries a token that is in force, and says who it is.
struct BearerAuthentication: RouterMiddleware {
    let principals: PrincipalStore

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let token = Self.token(request.headers[.authorization]) else { throw Problem.unauthorized() }
        guard let principal = try await principals.principal(token: token) else {
            context.logger.notice("authentication failed")
            throw Problem.unauthorized(isTokenInvalid: true)
        }
        var context = context
        context.principal = principal
        context.logger[metadataKey: "principal"] = "\(principal.name)"
        return try await next(request, context)
    }

    /// RFC 6750: the scheme in either case, then the token.
    static func token(_ header: String?) -> String? {
        guard let words = header?.split(separator: " "), words.count == 2, words[0].lowercased() == "bearer" else {
            return nil
        }
        return String(words[1])
    }
}
