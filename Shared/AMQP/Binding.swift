/// What a queue takes from an exchange.
package struct Binding: Hashable, Sendable {
    package let queue: String
    package let exchange: String
    package let routingKey: String
    package let arguments: [String: HeaderValue]

    package init(queue: String, to exchange: String, routingKey: String, arguments: [String: HeaderValue] = [:]) {
        self.queue = queue
        self.exchange = exchange
        self.routingKey = routingKey
        self.arguments = arguments
    }
}
