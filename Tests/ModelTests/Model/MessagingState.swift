import Foundation

/// Everything that is in the producer's database, the relays, the broker, the consumers and the subscriber's database.
struct MessagingState {
    /// Transactions of the producing service: begun, not yet ended, committed. The others were rolled back.
    var begun = EventSet()
    var open = EventSet()
    var committed = EventSet()
    /// The ids in the ledger, as far as they still matter.
    var ids = IDOrder()
    /// Pointers to what is to be published.
    var outbox = EventSet()
    /// Only in the model that is wrong about it: what a cursor over ids has left behind.
    var passed = EventSet()

    var relays = Pair(Relay(role: .first), Relay(role: .standby))
    var queue = Copies()
    var consumers = Pair(Consumer(role: .first), Consumer(role: .standby))

    /// The subscriber's database: what the inbox knows, what had its effect, and had it twice, and the version of each
    /// call that it believes in.
    var inbox = EventSet()
    var applied = EventSet()
    var appliedTwice = EventSet()
    var versions = Pair<UInt8>(0, 0)

    var faultsLeft: UInt8

    /// States that differ only in names, or in what nobody will look at again, are one.
    mutating func simplify() {
        for number in 0..<2 {
            // Cut off and with nothing left to send or to commit: as good as one that has just started.
            if relays[number].role == .cutOff && relays[number].reading.isEmpty {
                relays[number] = Relay(role: .standby)
            }
            if consumers[number].role == .cutOff && consumers[number].phase == .committed {
                consumers[number] = Consumer(role: .standby)
            }
        }
        relays.sort { $0.rank }
        consumers.sort { $0.rank }
        ids.keep(open | outbox | relays[0].reading | relays[1].reading)
    }
}

extension MessagingState: Hashable {
    /// All of it is single bytes, without padding between them. Unoptimized, this saves half of the time.
    func hash(into hasher: inout Hasher) {
        withUnsafeBytes(of: self) { hasher.combine(bytes: $0) }
    }

    static func == (a: Self, b: Self) -> Bool {
        var a = a
        var b = b
        return memcmp(&a, &b, MemoryLayout<Self>.size) == 0
    }
}

/// Two of a kind.
struct Pair<Element> {
    private var first: Element
    private var second: Element

    init(_ first: Element, _ second: Element) {
        self.first = first
        self.second = second
    }

    subscript(number: Int) -> Element {
        get { number == 0 ? first : second }
        set { if number == 0 { first = newValue } else { second = newValue } }
    }

    mutating func sort(by rank: (Element) -> Int) {
        if rank(second) < rank(first) { swap(&first, &second) }
    }
}
