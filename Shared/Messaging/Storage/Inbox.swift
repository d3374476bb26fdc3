import Contracts
package import Foundation
import Postgres

/// Where a batch came from, which decides how a message is claimed so that it is handled once.
package enum Origin: Sendable, Hashable {
    /// The broker, or an HTTP command with an idempotency key: the inbox knows what was handled before.
    case inbox
    /// The service's own retries, each with the number of its tries before.
    case retries(attempts: [UUID: Int])
    case timers
    /// The handler tells duplicates apart by itself (CAD messages, whose ids are foreign), or there are none.
    case handler

    /// Whether the messages wait in a table of the service's own.
    var isOwnTable: Bool {
        switch self {
        case .retries, .timers: true
        case .inbox, .handler: false
        }
    }

    func attempts(of id: UUID) -> Int {
        if case .retries(let attempts) = self { attempts[id, default: 0] } else { 0 }
    }
}

/// Claims messages inside the transaction that handles them.
struct Inbox {
    let transaction: Transaction

    /// Returns the ids that are this transaction's to handle; the others were handled before, are somebody else's, or
    /// are no longer what was read.
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
            if Mutation.dedupeOff.isChosen { return Set(ids) }
        case .retries:
            rows = try await transaction.query(
                """
                delete from retries using unnest(\(ids), \(ids.map { Int32(source.attempts(of: $0)) })) as m(id, attempts)
                where retries.message_id = m.id and retries.attempts = m.attempts
                returning retries.message_id
                """)
        case .timers:
            rows = try await transaction.query(
                """
                delete from timers using unnest(\(ids), \(envelopes.map(\.time)), \(envelopes.map(\.data))) as m(id, due, body)
                where timers.id = m.id and timers.due = m.due and timers.body = m.body
                returning timers.id
                """)
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

    /// Notes messages that were parked unread, as far as the inbox has their days, so that none comes in once more.
    func note(parked messages: [Parked]) {
        let dated = messages.filter { $0.id.v7Time != nil }
        guard !dated.isEmpty else { return }
        transaction.enqueue(
            """
            insert into inbox (day, message_id, type, outcome)
            select m.day, m.id, m.type, \(Outcome.parked.rawValue)
            from unnest(\(dated.map { Self.day($0.id) }), \(dated.map(\.id)), \(dated.map(\.type))) as m(day, id, type)
            where m.day - (clock_timestamp() at time zone 'UTC')::date
                between \(Int32(1 - Upkeep.daysBehind)) and \(Int32(Upkeep.daysAhead - 1))
            order by m.day, m.id
            on conflict do nothing
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
