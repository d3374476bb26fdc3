import AMQP

/// What the relay keeps in mind from one connection to the next.
///
/// The broker ends the channel over a message that it will not have (an exchange that is not there, a key that is not
/// allowed, a body too large) and does not say which of those on their way it means. They are then sent one by one until
/// the culprit stands alone. Its key is held like that of any refused message, and everybody else's messages go on.
struct RelayCourse {
    var backoff = Backoff()
    var held = HeldKeys()
    /// Sent, or about to be, and not confirmed.
    var underWay: [PendingMessage] = []
    /// The last of those among which the culprit is.
    private var lastSuspect: Int?

    var isWary: Bool { lastSuspect != nil }

    /// Returns the message over which the connection ended, if it must have been this one.
    mutating func blame(_ error: any Error) -> PendingMessage? {
        defer { underWay = [] }
        guard let error = error as? AMQPError, error.isAboutMessage, let last = underWay.last else { return nil }
        guard underWay.count == 1 else {
            lastSuspect = last.id
            return nil
        }
        held.hold(last.partitionKey, for: last.id)
        return last
    }

    /// Suspicion ends with the last of the suspects.
    mutating func proceed(to next: PendingMessage?) {
        if let lastSuspect, next.map({ $0.id > lastSuspect }) ?? true { self.lastSuspect = nil }
    }
}

extension AMQPError {
    fileprivate var isAboutMessage: Bool {
        switch code {
        case .channelClosed, .accessRefused, .notFound, .preconditionFailed, .notEncodable: true
        default: false
        }
    }
}
