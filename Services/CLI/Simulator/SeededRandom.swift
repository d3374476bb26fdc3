/// SplitMix64: the same seed gives the same day, on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for one thing, so that what happens to it does not depend on what happened to others.
    init(seed: UInt64, for name: String) {
        state = name.utf8.reduce(seed ^ 0x9e37_79b9_7f4a_7c15) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func minutes(_ range: ClosedRange<Int>) -> Double {
        Double(Int.random(in: range.lowerBound * 60...range.upperBound * 60, using: &self))
    }

    mutating func pick<Element>(_ items: [Element]) -> Element {
        items[Int.random(in: 0..<items.count, using: &self)]
    }
}
