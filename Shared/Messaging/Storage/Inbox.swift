import Contracts
import Foundation
import Postgres

/// Where a batch came from, which decides how a message is claimed so that it is handled once.
package enum Origin: Sendable {
    /// The broker, or an HTTP command with an idempotency key: the inbox knows what was handled before.
    case inbox
    case retries
    case timers
    /// The handler tells duplicates apart by itself (CAD messages, whose ids are foreign), or there are none.
    case handler
}

/// Claims messages inside the transaction that handles them.
struct Inbox {
    let transaction: Transaction

    /// Returns the ids that are this transaction's to handle; the others were handled before or are somebody else's.
    func claim(_ envelopes: [Envelope], from source: Origin) async throws -> Set<UUID> {
        let ids = envelopes.map(\.id)
        let rows: [Row]
        switch source {
        case .handler:
            return Set(ids)
        case .inbox:
            // Sorted, so that two transactions with the same duplicates wait for each other instead of deadlocking.
            rows = try await transaction.query(
                """
                insert into inbox (day, message_id, type)
                select * from (
                    select distinct on (m.day, m.id) m.day, m.id, m.type
                    from unnest(\(ids.map(Self.day)), \(ids), \(envelopes.map(\.type))) as m(day, id, type)
                    order by m.day, m.id
                ) as sorted
                on conflict do nothing
                returning message_id
                """)
        case .retries:
            rows = try await transaction.query(
                "delete from retries where message_id = any(\(ids)) returning message_id")
        case .timers:
            rows = try await transaction.query("delete from timers where id = any(\(ids)) returning id")
        }
        return Set(try rows.map { try $0.decode(UUID.self) })
    }

    /// Notes in the inbox what became of messages that were not simply handled.
    func mark(_ ids: [UUID], _ outcome: Outcome) {
        guard !ids.isEmpty else { return }
        transaction.enqueue(
            """
            update inbox set outcome = \(outcome.rawValue)
            from unnest(\(ids.map(Self.day)), \(ids)) as m(day, id)
            where inbox.day = m.day and inbox.message_id = m.id
            """)
    }

    enum Outcome: String {
        case handled, retrying, parked
    }

    /// The partition a message id belongs to: the day inside a version 7 id, else 1970-01-01.
    static func day(_ id: UUID) -> PostgresDay {
        PostgresDay(id.v7Time ?? Date(timeIntervalSince1970: 0))
    }
}
