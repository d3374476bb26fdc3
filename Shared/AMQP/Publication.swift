package import Foundation

/// A message to publish.
package struct Publication: Sendable {
    /// The exchange; empty for the one that routes to the queue named by the key.
    package var exchange: String
    package var routingKey: String
    package var body: Data
    package var properties: MessageProperties
    /// Whether the broker must return the message when no queue takes it. A return names no publish tag: it is told
    /// apart by exchange, routing key and message id, so give mandatory messages ids.
    package var mandatory: Bool

    package init(
        exchange: String, routingKey: String, body: Data, properties: MessageProperties = MessageProperties(),
        mandatory: Bool = true
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.body = body
        self.properties = properties
        self.mandatory = mandatory
    }
}

/// Why the broker did not take a publication.
package enum Rejection: Hashable, Sendable {
    /// A queue refused it, for example because it is full. Other queues may have taken it.
    case nacked
    /// It was mandatory and no queue is bound to take it.
    case returned(code: Int, text: String)
}
