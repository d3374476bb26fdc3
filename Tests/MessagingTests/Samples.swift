import AMQP
import Contracts
import Foundation
import Messaging

enum Samples {
    static func envelope(_ event: Counted, id: UUID = .v7()) throws -> Envelope {
        Envelope(
            id: id, type: Counted.type.description, data: try ContractJSON.encode(event), partitionKey: event.key,
            correlation: event.key)
    }

    /// The event as another service's relay publishes it.
    static func publication(_ event: Counted, id: UUID = .v7()) throws -> Publication {
        publication(
            try ContractJSON.encode(event), key: event.key,
            headers: [
                "ce-specversion": "1.0", "ce-source": "/copps/triage",
                "ce-id": .string(id.uuidString.lowercased()), "ce-type": .string(Counted.type.description),
            ])
    }

    static func publication(_ body: Data, key: UUID, headers: [String: HeaderValue]) -> Publication {
        Publication(
            exchange: "events", routingKey: Counted.type.routingKey(Slot(key)), body: body,
            properties: MessageProperties(messageID: UUID().uuidString, headers: headers))
    }
}

extension AMQPConfiguration {
    /// Publishes and waits for the confirmation.
    func publish(_ messages: [Publication]) async throws {
        let connection = try await AMQPConnection.open(self)
        try await connection.enableConfirms()
        let tag = try await connection.send(messages)
        let rejected = try await connection.confirmations(through: tag, within: .seconds(20))
        await connection.close()
        guard rejected.isEmpty else { throw Desk.NotYet(description: "the broker took not all of it") }
    }

    /// Takes messages out of a queue until there are enough, and tells them in their order.
    func take(from queue: String, until isEnough: ([Delivery]) -> Bool) async throws -> [Delivery] {
        let connection = try await AMQPConnection.open(self)
        try await connection.startConsuming(queue, prefetch: 1000)
        var taken: [Delivery] = []
        let deadline = ContinuousClock.now + .seconds(30)
        while !isEnough(taken) {
            guard ContinuousClock.now < deadline else {
                throw Desk.NotYet(description: "only \(taken.count) messages in \(queue)")
            }
            let news = try await connection.deliveries(upTo: 500, within: .milliseconds(500))
            if let last = news.last { try await connection.acknowledge(through: last.tag) }
            taken += news
        }
        await connection.close()
        return taken
    }
}
