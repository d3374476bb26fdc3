package import AMQP
import Foundation

/// The last message of a queue that a rescale has taken out of use. Nobody settles it: who is handed it knows that
/// everything before it is settled, by whomever, gives it back and goes on to the next generation.
package enum GenerationEnd {
    static let type = "copps.generation.end"

    /// Straight to the queue, past the exchanges: only the administrator may publish so.
    package static func publication(to queue: String) -> Publication {
        Publication(
            exchange: "", routingKey: queue, body: Data(),
            properties: MessageProperties(messageID: UUID().uuidString, type: type))
    }
}

extension Delivery {
    package var endsGeneration: Bool { exchange.isEmpty && properties.type == GenerationEnd.type }
}
