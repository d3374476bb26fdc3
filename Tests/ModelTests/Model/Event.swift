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
