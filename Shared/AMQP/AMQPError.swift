/// Why the broker did not do what was asked.
///
/// `description` is safe to log: it names what was being done and the codes. `debugDescription` has the broker's own
/// words as well.
package struct AMQPError: Error {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// No connection could be opened.
        package static let connectionFailed = Code(description: "connectionFailed")
        /// The connection ended or fell silent. What was not acknowledged is delivered again; what was not confirmed
        /// may or may not have been taken.
        package static let connectionLost = Code(description: "connectionLost")
        /// The broker takes no publications for now (memory or disk alarm). Nothing was sent.
        package static let blocked = Code(description: "blocked")
        /// The broker ended the channel for a reason without a code of its own here; `replyCode` has it.
        package static let channelClosed = Code(description: "channelClosed")
        /// Wrong credentials, or the user may not do this (403).
        package static let accessRefused = Code(description: "accessRefused")
        /// No such queue or exchange (404).
        package static let notFound = Code(description: "notFound")
        /// The queue is another connection's own (405).
        package static let resourceLocked = Code(description: "resourceLocked")
        /// It exists with other properties, or a delivery was settled twice or too late (406).
        package static let preconditionFailed = Code(description: "preconditionFailed")
        /// No such virtual host, or one that the user may not enter (530).
        package static let notAllowed = Code(description: "notAllowed")
        /// The broker ended the consumer, for example because its queue was deleted.
        package static let consumerCancelled = Code(description: "consumerCancelled")
        /// The broker did not confirm in time.
        package static let confirmDeadline = Code(description: "confirmDeadline")
        /// Bytes that are not the protocol, from either side.
        package static let protocolViolation = Code(description: "protocolViolation")
        /// A name over 255 bytes, or headers that do not fit into a frame. Nothing was sent.
        package static let notEncodable = Code(description: "notEncodable")
        /// ``AMQPConnection/close()`` was called.
        package static let closed = Code(description: "closed")
        /// A publish tag that was never given out.
        package static let unknownTag = Code(description: "unknownTag")
    }

    package let code: Code
    /// What was being done: `declare queue x`, `publish`, `consume` …
    package let operation: String
    package var replyCode: Int?
    package var replyText: String?
    /// What made the connection unusable before this operation began.
    package var underlying: (any Error)?

    init(
        _ code: Code, _ operation: String, replyCode: Int? = nil, replyText: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.operation = operation
        self.replyCode = replyCode
        self.replyText = replyText
        self.underlying = underlying
    }

    /// Whether the same work may succeed on a new connection, later.
    package var isTransient: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .blocked, .resourceLocked, .consumerCancelled, .confirmDeadline: true
        default: false
        }
    }
}

extension AMQPError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        "AMQP \(operation): \(code)" + (replyCode.map { " (\($0))" } ?? "")
    }

    package var debugDescription: String {
        [description, replyText, underlying.map { "unusable since: \(String(reflecting: $0))" }]
            .compactMap(\.self).joined(separator: " | ")
    }
}
