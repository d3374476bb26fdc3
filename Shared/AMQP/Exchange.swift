/// An exchange as it should be declared.
package struct Exchange: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case direct, fanout, topic, headers
    }

    package let name: String
    package let kind: Kind
    package let durable: Bool
    package let arguments: [String: HeaderValue]

    package init(_ name: String, kind: Kind, durable: Bool = true, arguments: [String: HeaderValue] = [:]) {
        self.name = name
        self.kind = kind
        self.durable = durable
        self.arguments = arguments
    }
}
