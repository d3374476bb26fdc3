package import Contracts
package import HTTPTypes
package import Hummingbird

/// What went wrong with a request, as the client is told: RFC 9457, `application/problem+json`.
///
/// `type` is `urn:copps:problem:<code>`. Nothing in it comes from inside: the reasons of a 5xx are in the log only.
package struct Problem: Error, HTTPResponseError, Sendable {
    package var status: HTTPResponse.Status
    /// For programs, in kebab case.
    package var code: String
    /// The same for every problem of this code.
    package var title: String
    /// About this request; for people.
    package var detail: String?
    /// What is wrong with the body, and where.
    package var errors: [Receipt.Problem]
    /// Further members of the document.
    package var extra: [String: any Encodable & Sendable]
    package var headers: HTTPFields

    package init(
        status: HTTPResponse.Status, code: String, title: String? = nil, detail: String? = nil,
        errors: [Receipt.Problem] = [], extra: [String: any Encodable & Sendable] = [:], headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title ?? status.reasonPhrase
        self.detail = detail
        self.errors = errors
        self.extra = extra
        self.headers = headers
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        let body = JSONBody(self, status: status, contentType: "application/problem+json")
        var response = try body.response(from: request, context: context)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Problem: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, value) in extra { try container.encode(value, forKey: Key(stringValue: name)) }
        try container.encode("urn:copps:problem:\(code)", forKey: Key(stringValue: "type"))
        try container.encode(status.code, forKey: Key(stringValue: "status"))
        try container.encode(title, forKey: Key(stringValue: "title"))
        try container.encodeIfPresent(detail, forKey: Key(stringValue: "detail"))
        if !errors.isEmpty { try container.encode(errors, forKey: Key(stringValue: "errors")) }
    }
}

extension Problem {
    package static func badRequest(_ code: String, _ detail: String) -> Problem {
        Problem(status: .badRequest, code: code, detail: detail)
    }

    package static func unauthorized(isTokenInvalid: Bool = false) -> Problem {
        let challenge = #"Bearer realm="copps""# + (isTokenInvalid ? #", error="invalid_token""# : "")
        return Problem(
            status: .unauthorized, code: "unauthorized",
            detail: isTokenInvalid ? "the bearer token is not in force" : "this needs a bearer token",
            headers: [.wwwAuthenticate: challenge])
    }

    package static func forbidden(_ detail: String) -> Problem {
        Problem(status: .forbidden, code: "forbidden", detail: detail)
    }

    package static func notFound(_ detail: String) -> Problem {
        Problem(status: .notFound, code: "not-found", detail: detail)
    }

    package static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        Problem(
            status: .methodNotAllowed, code: "method-not-allowed",
            headers: [.allow: allowed.map(\.rawValue).sorted().joined(separator: ", ")])
    }

    package static func conflict(_ code: String, _ detail: String) -> Problem {
        Problem(status: .conflict, code: code, detail: detail)
    }

    /// The body is well-formed and makes no sense.
    package static func invalid(_ errors: [Receipt.Problem]) -> Problem {
        Problem(status: .unprocessableContent, code: "invalid", errors: errors)
    }

    package static func tooLarge(limit: Int) -> Problem {
        Problem(status: .contentTooLarge, code: "too-large", detail: "at most \(limit) bytes")
    }

    package static func unavailable() -> Problem {
        Problem(
            status: .serviceUnavailable, code: "unavailable", detail: "try again in a moment",
            headers: [.retryAfter: "2"])
    }
}
