/// What a queue, or another exchange, takes from an exchange.
package struct Binding: Hashable, Sendable {
    package enum Destination: Hashable, Sendable {
        case queue(String)
        case exchange(String)

        package var name: String {
            switch self {
            case .queue(let name), .exchange(let name): name
            }
        }
    }

    package let destination: Destination
    package let exchange: String
    package let routingKey: String
    package let arguments: [String: HeaderValue]

    package init(
        _ destination: Destination, to exchange: String, routingKey: String, arguments: [String: HeaderValue] = [:]
    ) {
        self.destination = destination
        self.exchange = exchange
        self.routingKey = routingKey
        self.arguments = arguments
    }

    package init(queue: String, to exchange: String, routingKey: String, arguments: [String: HeaderValue] = [:]) {
        self.init(.queue(queue), to: exchange, routingKey: routingKey, arguments: arguments)
    }
}
