package import AMQP
package import Contracts
import Messaging
package import Postgres

extension HealthCheck {
    /// Without its database a service can do nothing.
    package static func database(_ client: PostgresClient) -> HealthCheck {
        HealthCheck("database", type: "datastore", otherwise: .fail) {
            _ = try await client.query("select 1")
        }
    }

    /// Without the broker a service still answers requests and keeps what it has to say in its outbox.
    package static func broker(_ configuration: AMQPConfiguration, service: ServiceName) -> HealthCheck {
        let probe = BrokerProbe(configuration, service: service)
        return HealthCheck("broker", type: "component", otherwise: .warn) {
            try await probe.check()
        }
    }
}

/// Asks the broker about one queue over a connection kept open for it, so that being asked costs the broker a frame
/// and not a login.
actor BrokerProbe {
    private let configuration: AMQPConfiguration
    private let subscription: Subscription?
    private var generation = 1
    private var connection: AMQPConnection?

    /// Looks at what the service reads, or, if it reads none of our events, at the first that it feeds.
    init(_ configuration: AMQPConfiguration, service: ServiceName) {
        var configuration = configuration
        configuration.connectionName = "\(service)/health"
        self.configuration = configuration
        let own = Catalog.subscriptions.first { $0.service == service }
        let fed = Catalog.subscriptions.first { $0.types.contains { $0.service == service } }
        subscription = own ?? fed
    }

    func check() async throws {
        let connection = try await current()
        do {
            guard try await hasQueue(on: connection) else { throw QueueMissing() }
            guard await !connection.isBlocked else { throw BrokerBlocked() }
        } catch let error as AMQPError {
            self.connection = nil
            await connection.close()
            throw error
        }
    }

    private func hasQueue(on connection: AMQPConnection) async throws -> Bool {
        guard let subscription else { return true }
        if try await connection.inspect(queue: subscription.queue(generation: generation)) != nil { return true }
        guard let layout = try await PartitionLayout.oldest(of: subscription, on: connection) else { return false }
        generation = layout.generation
        return true
    }

    private func current() async throws -> AMQPConnection {
        if let connection { return connection }
        let opened = try await AMQPConnection.open(configuration)
        // Two checks may have opened one each while they waited: one is kept.
        if let connection {
            await opened.close()
            return connection
        }
        connection = opened
        return opened
    }

    private struct QueueMissing: Error {}
    private struct BrokerBlocked: Error {}
}
