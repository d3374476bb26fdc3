/// An exchange as it should be declared.
package struct Exchange: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case direct, fanout, topic, headers
    }

    package let name: String
    package let kind: Kind
    package let durable: Bool
    /// Whether it takes messages from other exchanges only.
    package let isInternal: Bool
    package let arguments: [String: HeaderValue]

    package init(
        _ name: String, kind: Kind, durable: Bool = true, isInternal: Bool = false,
        arguments: [String: HeaderValue] = [:]
    ) {
        self.name = name
        self.kind = kind
        self.durable = durable
        self.isInternal = isInternal
        self.arguments = arguments
    }
}
