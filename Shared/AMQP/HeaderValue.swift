package import Foundation

/// A value of a message header or of a queue's or exchange's argument.
///
/// Read are all the kinds that RabbitMQ knows: the integers of every width become `int`, single precision and decimals
/// become `double`.
package enum HeaderValue: Hashable, Sendable {
    case string(String)
    case int(Int)
    case bool(Bool)
    case double(Double)
    /// Whole seconds.
    case timestamp(Date)
    case bytes(Data)
    case array([HeaderValue])
    case table([String: HeaderValue])
    case null
}

extension HeaderValue {
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var int: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
}

extension HeaderValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
