import AMQP
import Foundation

/// What the relay keeps in mind from one connection to the next.
///
/// The broker ends the channel over a message that it will not have (an exchange that is not there, a key that is not
/// allowed, a body too large) and does not say which of those on their way it means; a queue without a majority says
/// nothing at all. They are then sent one by one until the culprit stands alone. Its key is held like that of any refused
/// message, and everybody else's messages go on. It is tried again alone, so that nobody comes under suspicion twice.
struct RelayCourse {
    var backoff = Backoff()
    var held = HeldKeys()
    /// Sent, or about to be, and not confirmed.
    private(set) var underWay: [PendingMessage] = []
    /// The last of those among which the culprit is.
    private var lastSuspect: Int?
    /// Keys of messages over which a connection ended, by the message.
    private var blamed: [Int: UUID] = [:]
    /// When the next of them may be tried: each trial may cost a connection.
    private var nextTrial = ContinuousClock.now

    private static let pauseBetweenTrials = Duration.seconds(5)

    /// Whether the next message goes alone.
    var isWary: Bool { lastSuspect != nil || underWay.contains { blamed[$0.id] != nil } }

    var heldKeys: [UUID] { held.current + (nextTrial > .now ? Array(blamed.values) : []) }

    /// Returns the message over which the connection ended, if it must have been this one.
    mutating func blame(_ error: any Error) -> PendingMessage? {
        defer { underWay = [] }
        guard let error = error as? AMQPError, error.mayBeAboutMessage, let last = underWay.map(\.id).max()
        else { return nil }
        guard underWay.count == 1, let culprit = underWay.first else {
            lastSuspect = last
            return nil
        }
        held.hold(culprit.partitionKey, for: culprit.id)
        blamed[culprit.id] = culprit.partitionKey
        nextTrial = .now + Self.pauseBetweenTrials
        return culprit
    }

    /// Returns what is to be sent now of what is pending: a message that was blamed before goes alone.
    mutating func send(_ pending: [PendingMessage]) -> [PendingMessage] {
        // Suspicion ends with the last of the suspects.
        if let lastSuspect, pending.first.map({ $0.id > lastSuspect }) ?? true { self.lastSuspect = nil }
        var sent = pending[...]
        if let culprit = pending.firstIndex(where: { blamed[$0.id] != nil }) {
            sent = culprit == 0 && underWay.isEmpty ? pending[...0] : pending[..<culprit]
        }
        underWay += sent
        return Array(sent)
    }

    /// The broker has answered for the first of those under way.
    mutating func settle(_ messages: [PendingMessage]) {
        underWay.removeFirst(messages.count)
        for message in messages { blamed[message.id] = nil }
    }
}

extension AMQPError {
    fileprivate var mayBeAboutMessage: Bool {
        switch code {
        case .channelClosed, .accessRefused, .notFound, .preconditionFailed, .notEncodable, .confirmDeadline: true
        default: false
        }
    }
}
