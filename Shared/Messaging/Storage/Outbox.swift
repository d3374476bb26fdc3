import Contracts
import Foundation
import Postgres

/// One message that is to leave, with all its attributes settled except the ledger's number.
struct OutgoingMessage: Sendable {
    let id: UUID
    let exchange: String
    let routingKey: String
    let type: String
    let partitionKey: UUID
    let correlation: UUID?
    let causation: UUID?
    let traceparent: String
    let classification: DataClassification
    let time: Date
    let body: Data

    init(_ event: any DomainEvent, causedBy cause: Cause) throws {
        let type = Swift.type(of: event).type
        self.init(
            exchange: "events", routingKey: type.routingKey(Slot(event.partitionKey)), type: type.description,
            partitionKey: event.partitionKey, classification: Swift.type(of: event).classification,
            correlation: event.correlation, body: try ContractJSON.encode(event), causedBy: cause)
    }

    init(_ message: DirectMessage, causedBy cause: Cause) {
        self.init(
            exchange: message.exchange, routingKey: message.routingKey, type: message.type,
            partitionKey: message.partitionKey, classification: message.classification,
            correlation: message.partitionKey, body: message.body, causedBy: cause)
    }

    private init(
        exchange: String, routingKey: String, type: String, partitionKey: UUID, classification: DataClassification,
        correlation: UUID?, body: Data, causedBy cause: Cause
    ) {
        id = .v7()
        self.exchange = exchange
        self.routingKey = routingKey
        self.type = type
        self.partitionKey = partitionKey
        self.correlation = cause.correlation ?? correlation
        causation = cause.id
        traceparent = cause.trace.child().traceparent
        self.classification = classification
        time = cause.handledAt
        self.body = body
    }
}

/// The message that brought something about.
struct Cause: Sendable {
    let id: UUID
    let handledAt: Date
    let correlation: UUID?
    let trace: TraceContext
}

/// Appends to the ledger and leaves a pointer for the relay, in the deciding transaction.
struct Outbox {
    let transaction: Transaction

    /// Numbers are taken here, after the handler's row locks, so their order is the commit order of each key.
    func append(_ messages: [OutgoingMessage]) {
        guard !messages.isEmpty else { return }
        let today = PostgresDay(Date())
        transaction.enqueue(
            """
            with appended as (
                insert into events (
                    day, id, message_id, exchange, routing_key, type, partition_key, correlation_id, causation_id,
                    traceparent, classification, time, body)
                select \(today), nextval('event_ids'), m.message_id, m.exchange, m.routing_key, m.type,
                    m.partition_key, m.correlation_id, m.causation_id, m.traceparent, m.classification, m.time, m.body
                from unnest(
                    \(messages.map(\.id)), \(messages.map(\.exchange)), \(messages.map(\.routingKey)),
                    \(messages.map(\.type)), \(messages.map(\.partitionKey)), \(messages.map(\.correlation)),
                    \(messages.map(\.causation)), \(messages.map(\.traceparent)),
                    \(messages.map(\.classification.rawValue)), \(messages.map(\.time)), \(messages.map(\.body))
                ) with ordinality as m(
                    message_id, exchange, routing_key, type, partition_key, correlation_id, causation_id, traceparent,
                    classification, time, body, position)
                order by m.position
                returning id, day, partition_key
            )
            insert into outbox (id, day, partition_key) select id, day, partition_key from appended
            """)
    }
}
