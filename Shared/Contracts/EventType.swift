/// `<service>.<aggregate>.<fact>.v<major>`, for example `triage.call.triaged.v1`.
public struct EventType: Hashable, Sendable, CustomStringConvertible {
    public let service: ServiceName
    public let aggregate: String
    public let fact: String
    public let major: Int

    public init(_ service: ServiceName, _ aggregate: String, _ fact: String, major: Int = 1) {
        self.service = service
        self.aggregate = aggregate
        self.fact = fact
        self.major = major
    }

    /// Reads the dotted name. Returns nil when it is not one of ours.
    public init?(_ name: some StringProtocol) {
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 4, let service = ServiceName(rawValue: String(words[0])), Self.isWord(words[1]),
            Self.isWord(words[2]), words[3].first == "v", let major = Int(words[3].dropFirst()), major > 0
        else { return nil }
        self.init(service, String(words[1]), String(words[2]), major: major)
        guard description == name else { return nil }
    }

    public var description: String { "\(service.rawValue).\(aggregate).\(fact).v\(major)" }

    /// The type and the lane: nothing about the person or the place.
    public func routingKey(_ slot: Slot) -> String { "\(self).\(slot)" }

    private static func isWord(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }
}
