/// Tasks that wait for something to happen on a connection. Whoever is resumed looks for itself whether it did.
struct Waiters {
    /// Nil for one that has its ticket and does not wait yet: what happens until then is not lost to it.
    private var continuations: [Int: CheckedContinuation<Void, Never>?] = [:]
    private var lastTicket = 0

    mutating func ticket() -> Int {
        lastTicket += 1
        continuations[lastTicket] = .some(nil)
        return lastTicket
    }

    mutating func add(_ continuation: CheckedContinuation<Void, Never>, _ ticket: Int) {
        guard continuations[ticket] != nil else { return continuation.resume() }
        continuations[ticket] = .some(continuation)
    }

    mutating func resume(_ ticket: Int) {
        continuations.removeValue(forKey: ticket)??.resume()
    }

    mutating func resumeAll() {
        let resumed = continuations
        continuations.removeAll(keepingCapacity: true)
        for continuation in resumed.values { continuation?.resume() }
    }
}
