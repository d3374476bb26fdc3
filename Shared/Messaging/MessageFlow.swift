package import AMQP
package import Contracts
package import Foundation
package import Logging
package import Postgres

/// One service's messaging, wired once: what its composition root asks for its consumers, workers and relay.
package struct MessageFlow: Sendable {
    package let service: ServiceName
    let database: PostgresClient
    let databaseConfiguration: PostgresConfiguration
    let broker: AMQPConfiguration
    let retention: Int
    let pace: Pace
    let now: @Sendable () -> Date
    let logger: Logger
    private let relayWakeup = Wakeup()

    /// - Parameter retention: how many days messages are kept, 15 at least.
    package init(
        _ service: ServiceName, database: PostgresClient, databaseConfiguration: PostgresConfiguration,
        broker: AMQPConfiguration, retention: Int = 90, pace: Pace = .standard, now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        self.service = service
        self.database = database
        self.databaseConfiguration = databaseConfiguration
        self.broker = broker
        self.retention = retention
        self.pace = pace
        self.now = now
        self.logger = logger
    }

    package func processor<Handler: EventHandler>(_ handler: Handler) -> Processor<Handler> {
        Processor(
            handler: handler, database: database, parking: parking, relay: relayWakeup, timers: Wakeup(), now: now)
    }

    /// Takes the events that the catalog says, from however many queues the subscription is divided into.
    package func consumer<Handler: EventHandler>(
        _ subscription: Subscription, _ processor: Processor<Handler>
    ) -> Consumer<Handler> {
        let partitions = PartitionReader(
            subscription: subscription, broker: named("\(subscription.name).layout"), logger: logger,
            reader: reader(of:))
        return Consumer(source: .partitions(partitions), processor: processor, read: Consumer<Handler>.Reading.event)
    }

    /// Takes a queue whose messages are not our own events.
    package func consumer<Handler: EventHandler>(
        queue: String, _ processor: Processor<Handler>,
        reading read: @escaping @Sendable (Delivery) -> Consumer<Handler>.Reading
    ) -> Consumer<Handler> {
        Consumer(source: .queue(reader(of: queue)), processor: processor, read: read)
    }

    package func timers<Handler: EventHandler>(_ processor: Processor<Handler>) -> TimerWorker<Handler> {
        TimerWorker(processor: processor, logger: logger)
    }

    package func retries<Handler: EventHandler>(_ processor: Processor<Handler>) -> RetryWorker<Handler> {
        RetryWorker(processor: processor, logger: logger)
    }

    /// Publishes the outbox as CloudEvents.
    package var relay: OutboxRelay {
        let source = service
        return relay { $0.publication(from: source) }
    }

    /// Publishes the outbox in a form of the caller's choice, for readers who expect another.
    package func relay(publishing publication: @escaping @Sendable (PendingMessage) -> Publication) -> OutboxRelay {
        OutboxRelay(
            service: service, database: databaseConfiguration, broker: named("relay"), wakeup: relayWakeup,
            pace: pace, publication: publication, logger: logger)
    }

    /// Every service has one: what the broker takes out of the service's queues ends here.
    package var deadLetters: DeadLetters {
        DeadLetters(reader: reader(of: Topology.deadLetterQueue(service)), parking: parking)
    }

    package var upkeep: Upkeep {
        Upkeep(service: service, retention: retention, database: database, logger: logger)
    }

    private var parking: Parking { Parking(service: service, database: database, logger: logger) }

    @Sendable private func reader(of queue: String) -> QueueReader {
        QueueReader(
            queue: queue, broker: named(queue), databaseConfiguration: databaseConfiguration, pace: pace,
            logger: logger)
    }

    private func named(_ role: String) -> AMQPConfiguration {
        var broker = broker
        broker.connectionName = "\(service)/\(role)"
        return broker
    }
}
