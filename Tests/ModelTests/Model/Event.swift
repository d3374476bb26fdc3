/// The four messages of the model: two calls, of each two versions.
enum Event: UInt8, CaseIterable {
    case a1, a2, b1, b2

    var call: Int { Int(rawValue / 2) }
    var version: UInt8 { rawValue % 2 + 1 }

    /// The versions of each call, in order.
    static let versions: [[Event]] = [[.a1, .a2], [.b1, .b2]]
    static let calls = 0..<2
    static let all = Self.allCases

    static func name(ofCall call: Int) -> String { call == 0 ? "A" : "B" }
}

extension Event: CustomStringConvertible {
    var description: String { "\(Self.name(ofCall: call))\(version)" }
}

/// Some of the events. Plain bits, so that a state is small and quick to compare.
struct EventSet: Hashable {
    private(set) var bits: UInt8 = 0

    init() {}
    private init(bits: UInt8) { self.bits = bits }

    var isEmpty: Bool { bits == 0 }
    var count: Int { bits.nonzeroBitCount }

    func contains(_ event: Event) -> Bool { bits & (1 << event.rawValue) != 0 }

    static func | (a: Self, b: Self) -> Self { Self(bits: a.bits | b.bits) }
    static func & (a: Self, b: Self) -> Self { Self(bits: a.bits & b.bits) }
    static func - (a: Self, b: Self) -> Self { Self(bits: a.bits & ~b.bits) }

    mutating func insert(_ event: Event) { bits |= 1 << event.rawValue }
    mutating func remove(_ event: Event) { bits &= ~(1 << event.rawValue) }

    func hasAny(ofCall call: Int) -> Bool { newest(ofCall: call) > 0 }

    func sharesCall(with other: Self) -> Bool {
        Event.calls.contains { hasAny(ofCall: $0) && other.hasAny(ofCall: $0) }
    }

    /// The newest version of a call among these, 0 for none.
    func newest(ofCall call: Int) -> UInt8 {
        let versions = bits >> (2 * UInt8(call)) & 0b11
        return versions >= 2 ? 2 : versions
    }
}

extension EventSet: CustomStringConvertible {
    var description: String {
        isEmpty ? "none" : Event.all.filter(contains).map(\.description).joined(separator: ", ")
    }
}
