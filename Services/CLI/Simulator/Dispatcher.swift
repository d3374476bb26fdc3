import AMQP
import Contracts
import Foundation

/// One agency's pretend CAD: publishes to the broker with the agency's own credentials and reads its receipts.
actor Dispatcher {
    nonisolated let agency: AgencyID
    private let sender: AMQPConnection
    private let reader: AMQPConnection

    init(agency: AgencyID, user: String, password: String) async throws {
        self.agency = agency
        var configuration = AMQPConfiguration(
            brokers: try Environment.brokers(),
            virtualHost: try Environment.require("COPPS_BROKER_VHOST"), user: user, password: password,
            connectionName: "simulated CAD \(agency)")
        sender = try await AMQPConnection.open(configuration)
        configuration.connectionName += " receipts"
        reader = try await AMQPConnection.open(configuration)
        try await sender.enableConfirms()
        try await reader.startConsuming("receipts.\(agency)", prefetch: 200)
    }

    /// Returns once the broker has confirmed them all.
    func publish(_ messages: [SampleMessage]) async throws {
        guard !messages.isEmpty else { return }
        let tag = try await sender.send(
            messages.map {
                Publication(
                    exchange: "cad", routingKey: $0.routingKey, body: $0.body,
                    properties: MessageProperties(contentType: "application/json"))
            })
        let rejected = try await sender.confirmations(through: tag, within: .seconds(20))
        guard rejected.isEmpty else {
            throw CommandFailure(
                "the broker took \(messages.count - rejected.count) of \(messages.count) messages of \(agency)")
        }
    }

    func receipts(within time: Duration) async throws -> [Receipt] {
        let deliveries = try await reader.deliveries(upTo: 100, within: time)
        guard let last = deliveries.last else { return [] }
        let receipts = deliveries.compactMap { delivery -> Receipt? in
            guard case .body(let data) = delivery.content else { return nil }
            return try? ContractJSON.decode(Receipt.self, from: data)
        }
        try await reader.acknowledge(through: last.tag)
        return receipts
    }

    func close() async {
        await sender.close()
        await reader.close()
    }
}
