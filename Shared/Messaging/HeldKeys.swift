import Foundation

/// Keys whose earlier message the broker refused: the later ones wait behind it, everybody else's go on.
struct HeldKeys {
    private var holds: [UUID: Hold] = [:]

    private struct Hold {
        /// The first message that was refused: the hold is over when this one is taken.
        let message: Int
        let until: ContinuousClock.Instant
        let delay: Duration
    }

    /// Whether the broker has taken everything that it refused.
    var isEmpty: Bool { holds.isEmpty }

    /// The keys that still wait. A key whose wait is over may be tried again, first message first.
    var current: [UUID] {
        let now = ContinuousClock.now
        return holds.filter { $0.value.until > now }.map(\.key)
    }

    /// The broker refused a message, perhaps once more.
    mutating func hold(_ key: UUID, for message: Int) {
        let hold = holds[key]
        // The earlier one decides when all of them are tried again.
        if let hold, hold.until > .now, hold.message < message { return }
        let delay = if let hold, hold.message == message { min(hold.delay * 2, Self.longest) } else { Self.shortest }
        holds[key] = Hold(message: message, until: .now + delay, delay: delay)
    }

    /// The broker took a message. Only the one that is waited for frees the key: a later one was already under way.
    mutating func release(_ key: UUID, after message: Int) {
        if holds[key]?.message == message { holds[key] = nil }
    }

    private static let shortest = Duration.milliseconds(250)
    private static let longest = Duration.seconds(30)
}
