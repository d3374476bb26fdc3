package import Contracts
import Hummingbird
import Messaging
import Postgres

extension Problem {
    /// The one place where an error becomes an HTTP answer. What is not meant for the client becomes a bare 500.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case let refusal as Refusal:
            self.init(refusal)
        case let error as DecodingError:
            self = Problem(status: .badRequest, code: "malformed", errors: [error.fault])
        case let error as PostgresError where error.isTransient:
            self = .unavailable()
        case is CancellationError:
            self = .unavailable()
        case let error as any HTTPResponseError where error.status == .contentTooLarge:
            self = .tooLarge(limit: APIContext.bodyLimit)
        case let error as any HTTPResponseError where error.status == .notFound:
            self = .notFound("there is nothing at this path")
        case let error as any HTTPResponseError where error.status.kind == .clientError:
            self = Problem(status: error.status, code: "bad-request")
        default:
            self = Problem(status: .internalServerError, code: "internal")
        }
    }
}

extension Problem {
    /// A handler's no, in the handler's words: 404 when it names something that does not exist, else 409.
    private init(_ refusal: Refusal) {
        let isUnknown = refusal.code.hasPrefix("unknown-") || refusal.code.hasSuffix("not-found")
        self.init(
            status: isUnknown ? .notFound : .conflict, code: refusal.code, detail: refusal.detail,
            headers: refusal.waitingHelps ? [.retryAfter: "2"] : [:])
    }
}

extension DecodingError {
    /// Where in the JSON it went wrong, and how.
    package var fault: Receipt.Problem {
        switch self {
        case .keyNotFound(let key, let context):
            Receipt.Problem(
                pointer: Self.pointer(context.codingPath + [key]), code: "missing", detail: "this is required")
        case .valueNotFound(_, let context):
            Receipt.Problem(
                pointer: Self.pointer(context.codingPath), code: "missing", detail: "this must not be null")
        case .typeMismatch(let type, let context):
            Receipt.Problem(
                pointer: Self.pointer(context.codingPath), code: "wrong-type",
                detail: "this must be a \(Self.name(type))")
        case .dataCorrupted(let context):
            Receipt.Problem(
                pointer: Self.pointer(context.codingPath), code: "invalid",
                detail: context.codingPath.isEmpty ? "this is not JSON" : "this is not a value allowed here")
        @unknown default:
            Receipt.Problem(pointer: "", code: "invalid", detail: "this cannot be read")
        }
    }

    /// RFC 6901.
    private static func pointer(_ path: [any CodingKey]) -> String {
        path.map { key in
            let word = key.intValue.map { "\($0)" } ?? key.stringValue
            return "/" + word.replacing("~", with: "~0").replacing("/", with: "~1")
        }.joined()
    }

    /// JSON's word for a Swift type.
    private static func name(_ type: Any.Type) -> String {
        switch "\(type)" {
        case "String": "string"
        case "Bool": "boolean"
        case "Int", "Int16", "Int32", "Int64", "Double": "number"
        case let name where name.hasPrefix("Array"): "list"
        default: "object"
        }
    }
}
