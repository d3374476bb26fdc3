package import AMQP
package import Contracts

extension Topology {
    /// The whole broker, as one value: exchanges, queues and bindings of COPPS, valid on RabbitMQ 3.10 and 4.x alike.
    ///
    /// - Parameters:
    ///   - agencies: those whose CADs publish calls; each has its own queue in and its own receipts out.
    ///   - layout: how a subscription is divided just now.
    package static func copps(
        agencies: [AgencyID], layout: (Subscription) -> PartitionLayout = { _ in .initial }
    ) -> Topology {
        let events = Catalog.subscriptions.map { subscription($0, layout($0)) }
        return Topology(
            exchanges: [
                Exchange("cad", kind: .topic), Exchange("receipts", kind: .direct), Exchange("events", kind: .topic),
                Exchange("dlx", kind: .direct),
            ] + events.flatMap(\.exchanges),
            queues: ServiceName.allCases.map { deadLetters($0) }
                + agencies.flatMap { [cadQueue($0), receiptQueue($0)] }
                + events.flatMap(\.queues),
            bindings: ServiceName.allCases.map {
                Binding(queue: deadLetterQueue($0), to: "dlx", routingKey: $0.rawValue)
            }
                + agencies.flatMap { agency in
                    [
                        Binding(queue: cadQueueName(agency), to: "cad", routingKey: "cad.\(agency).#"),
                        Binding(queue: receiptQueueName(agency), to: "receipts", routingKey: receiptQueueName(agency)),
                    ]
                }
                + events.flatMap(\.bindings))
    }

    /// A subscription's own part. The first partition comes last: who looks for a generation looks for that.
    package static func subscription(_ subscription: Subscription, _ layout: PartitionLayout) -> Topology {
        let queues = layout.queues(of: subscription).reversed().map { work($0, of: subscription.service) }
        if layout == .initial {
            return Topology(
                queues: queues,
                bindings: subscription.types.map {
                    Binding(queue: subscription.queue(), to: "events", routingKey: "\($0).*")
                })
        }
        return Topology(
            exchanges: [Exchange(subscription.name, kind: .topic, isInternal: true)], queues: queues,
            bindings: subscription.types.map {
                Binding(.exchange(subscription.name), to: "events", routingKey: "\($0).*")
            } + layout.bindings(of: subscription))
    }

    package static func cadQueueName(_ agency: AgencyID) -> String { "intake.cad.\(agency).v1" }
    package static func receiptQueueName(_ agency: AgencyID) -> String { "receipts.\(agency)" }
    package static func deadLetterQueue(_ service: ServiceName) -> String { "\(service).dead.v1" }

    private static func cadQueue(_ agency: AgencyID) -> Queue { work(cadQueueName(agency), of: .intake) }

    /// One active consumer keeps the order; refused or hopeless messages go to the service's dead-letter queue, and
    /// nothing is dropped when the queue is full.
    private static func work(_ name: String, of service: ServiceName) -> Queue {
        Queue(
            name,
            arguments: [
                "x-queue-type": .string("quorum"),
                "x-single-active-consumer": .bool(true),
                "x-delivery-limit": .int(50),
                "x-dead-letter-exchange": .string("dlx"),
                "x-dead-letter-routing-key": .string(service.rawValue),
                "x-dead-letter-strategy": .string("at-least-once"),
                "x-overflow": .string("reject-publish"),
            ])
    }

    /// The limit is explicit and huge: the default of 4.x would drop the dead letters themselves.
    private static func deadLetters(_ service: ServiceName) -> Queue {
        Queue(
            deadLetterQueue(service),
            arguments: [
                "x-queue-type": .string("quorum"), "x-delivery-limit": .int(1_000_000),
                "x-overflow": .string("reject-publish"),
            ])
    }

    /// Bounded, oldest dropped first: a CAD that never reads its receipts must not fill the broker, and
    /// `GET /v1/receipts` has them all.
    private static func receiptQueue(_ agency: AgencyID) -> Queue {
        Queue(
            receiptQueueName(agency),
            arguments: [
                "x-queue-type": .string("quorum"), "x-delivery-limit": .int(1_000_000),
                "x-max-length": .int(10_000), "x-overflow": .string("drop-head"),
            ])
    }
}
