import AMQP
import Contracts
package import Foundation
import Postgres

/// The relay's SQL, all on the one session that holds the lead.
package struct RelayStore {
    let session: PostgresConnection

    /// Of the session that leads, or wants to.
    ///
    /// The planner is kept to the primary keys: prepared while the outbox is empty and without statistics, it would
    /// otherwise settle for a plan that walks every dead row.
    ///
    /// A lead that is not made use of ends, or a relay that was cut off would keep it from its successor for as long as
    /// the network takes the connection for alive. A relay that works is silent while the broker accepts a batch and
    /// confirms it, 15 s each at most.
    ///
    /// Nor need it wait for the disk: what it forgot is published once more if the database forgets that it did.
    package static let sessionSettings = [
        "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
        "idle_session_timeout": "40s", "synchronous_commit": "off",
    ]

    /// True when this session leads its schema's relays.
    func takeLead() async throws -> Bool {
        let rows = try await session.query(
            "select pg_try_advisory_lock(hashtextextended('relay ' || current_schema(), 0))")
        return try rows.first?.decode(Bool.self) ?? false
    }

    /// What became of messages that were sent.
    struct Outcome {
        var confirmed: [Int] = []
        var refused: [Int] = []
    }

    /// Notes the outcome, by forgetting what was confirmed, and reads what is pending then: one round trip.
    func pending(
        limit: Int, except ids: [Int], heldKeys: [UUID], noting outcome: Outcome
    ) async throws -> [PendingMessage] {
        var before: [SQL] = []
        if !outcome.confirmed.isEmpty { before.append("delete from outbox where id = any(\(outcome.confirmed))") }
        if !outcome.refused.isEmpty {
            before.append("update outbox set attempts = attempts + 1 where id = any(\(outcome.refused))")
        }
        return try await session.query(
            """
            select o.id, e.message_id, e.exchange, e.routing_key, e.type, e.partition_key, e.correlation_id,
                e.causation_id, e.traceparent, e.classification, e.time, e.body
            from (
                select id, day from outbox
                where id not in (select unnest(\(ids))) and partition_key <> all(\(heldKeys))
                order by id limit \(limit)
            ) as o
            join events e on e.day = o.day and e.id = o.id
            order by o.id
            """, before: before
        ).map(PendingMessage.init)
    }
}

/// A message of the ledger that is still to be published.
package struct PendingMessage: Sendable {
    package let id: Int
    package let messageID: UUID
    package let exchange: String
    package let routingKey: String
    package let type: String
    package let partitionKey: UUID
    package let correlation: UUID?
    package let causation: UUID?
    package let traceparent: String?
    package let classification: String
    package let time: Date
    package let body: Data

    init(_ row: Row) throws {
        (
            id, messageID, exchange, routingKey, type, partitionKey, correlation, causation, traceparent,
            classification, time, body
        ) = try row.decode(
            Int.self, UUID.self, String.self, String.self, String.self, UUID.self, UUID?.self, UUID?.self,
            String?.self, String.self, Date.self, Data.self)
    }

    /// CloudEvents 1.0.2, binary mode, `ce-` headers.
    func publication(from service: ServiceName) -> Publication {
        var headers: [String: HeaderValue] = [
            "ce-specversion": .string("1.0"),
            "ce-id": .string(Self.text(messageID)),
            "ce-source": .string("/copps/\(service)"),
            "ce-type": .string(type),
            "ce-time": .string(ContractJSON.timestamp(time)),
            "ce-partitionkey": .string(Self.text(partitionKey)),
            "ce-sequence": .string(String(id)),
            "ce-dataclassification": .string(classification),
        ]
        headers["ce-correlationid"] = correlation.map { .string(Self.text($0)) }
        headers["ce-causationid"] = causation.map { .string(Self.text($0)) }
        headers["traceparent"] = traceparent.map(HeaderValue.string)
        return Publication(
            exchange: exchange, routingKey: routingKey, body: body,
            properties: MessageProperties(
                messageID: Self.text(messageID), contentType: "application/json", type: type, headers: headers))
    }

    private static func text(_ id: UUID) -> String { id.uuidString.lowercased() }
}
