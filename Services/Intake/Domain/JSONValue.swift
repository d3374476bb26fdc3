/// A JSON document as it came, before anything is asked of it.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// One too large for a `Double` is infinite, so that it is out of any range.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Which of JSON's six kinds of value it is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
