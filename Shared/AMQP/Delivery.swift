package import Foundation

/// A message that the broker handed to this consumer and that must be acknowledged or rejected on the same connection.
package struct Delivery: Sendable {
    /// Counts the deliveries of this connection; means nothing on another one.
    package let tag: UInt64
    /// False proves nothing: a publisher that lost a confirmation sends the same message anew.
    package let redelivered: Bool
    package let exchange: String
    package let routingKey: String
    package let properties: MessageProperties
    package let content: Content

    package enum Content: Hashable, Sendable {
        case body(Data)
        /// The body was longer than ``AMQPConfiguration/maximumBodySize`` and was not kept.
        case oversized(byteCount: Int, sha256: String)
    }

    package init(
        tag: UInt64, redelivered: Bool, exchange: String, routingKey: String, properties: MessageProperties,
        content: Content
    ) {
        self.tag = tag
        self.redelivered = redelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.content = content
    }

    /// How often a quorum queue had to take the message back; other queues do not count.
    package var deliveryCount: Int { properties.headers["x-delivery-count"]?.int ?? 0 }
}
