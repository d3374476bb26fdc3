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
