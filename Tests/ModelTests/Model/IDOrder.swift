/// Which event has the lower id. Ids are taken before the commit, so an event with a lower id may become visible later.
struct IDOrder: Hashable {
    /// Two bits an event, the lowest id in the lowest bits.
    private var packed: UInt8 = 0
    private var count: UInt8 = 0

    mutating func append(_ event: Event) {
        packed |= event.rawValue << (2 * count)
        count += 1
    }

    /// The event with the lowest id among these.
    func first(of events: EventSet) -> Event? {
        for position in 0..<count where events.contains(self[position]) { return self[position] }
        return nil
    }

    /// This event and those with lower ids.
    func prefix(through last: Event) -> EventSet {
        var prefix = EventSet()
        for position in 0..<count {
            prefix.insert(self[position])
            if self[position] == last { break }
        }
        return prefix
    }

    /// Forgets the others: states that differ only in ids nobody looks at any more are the same.
    mutating func keep(_ events: EventSet) {
        if count == 0 { return }
        var kept = Self()
        for position in 0..<count where events.contains(self[position]) { kept.append(self[position]) }
        self = kept
    }

    private subscript(position: UInt8) -> Event {
        Event.all[Int(packed >> (2 * position) & 0b11)]
    }
}
