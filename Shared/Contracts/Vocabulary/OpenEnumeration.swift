/// A vocabulary that may grow: the known values are static members, and a value nobody knows yet is kept as it came
/// instead of failing the message that carries it.
public protocol OpenEnumeration: RawRepresentable, Hashable, Sendable, Codable, CodingKeyRepresentable,
    CustomStringConvertible, ExpressibleByStringLiteral, CaseIterable
where RawValue == String {
    init(rawValue: String)
}

extension OpenEnumeration {
    public init(stringLiteral value: String) { self.init(rawValue: value) }
    public init?(codingKey: some CodingKey) { self.init(rawValue: codingKey.stringValue) }
    public var codingKey: any CodingKey { TextKey(stringValue: rawValue) }
    public var description: String { rawValue }

    /// Whether the value is one of those this version knows.
    public var isKnown: Bool { Self.allCases.contains(self) }
}

private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
