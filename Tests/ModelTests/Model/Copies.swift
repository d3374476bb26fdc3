/// Copies of events without an order, as in a queue that may deliver anything next: up to three of each.
struct Copies: Hashable {
    private(set) var counts: UInt8 = 0

    var isEmpty: Bool { counts == 0 }

    var total: Int {
        var sum = 0
        for event in Event.all { sum += self[event] }
        return sum
    }

    /// Which events there are copies of.
    var events: EventSet {
        var set = EventSet()
        for event in Event.all where self[event] > 0 { set.insert(event) }
        return set
    }

    subscript(event: Event) -> Int { Int(counts >> (2 * event.rawValue) & 0b11) }

    mutating func add(_ event: Event) {
        precondition(self[event] < 3, "The model has more faults than it has room for copies.")
        counts += 1 << (2 * event.rawValue)
    }

    mutating func remove(_ event: Event) {
        counts -= 1 << (2 * event.rawValue)
    }

    mutating func add(_ others: Self) {
        for event in Event.all {
            for _ in 0..<others[event] { add(event) }
        }
    }
}
