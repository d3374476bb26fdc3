import Hummingbird
import Logging
import Messaging

/// Answers every error as a ``Problem``. Internal ones are logged, whole, and tell the client nothing but a trace id.
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > APIContext.bodyLimit {
                throw Problem.tooLarge(limit: APIContext.bodyLimit)
            }
            return try await next(request, context)
        } catch {
            var problem = Problem(error)
            if problem.status.kind == .serverError {
                context.logger.log(
                    level: problem.status == .serviceUnavailable ? .warning : .error, "request failed",
                    metadata: ["error": "\(error)", "code": "\(problem.code)"])
            }
            problem.extra["traceId"] = context.trace.traceID
            return try problem.response(from: request, context: context)
        }
    }
}
