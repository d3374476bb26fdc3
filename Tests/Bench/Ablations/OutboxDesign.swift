import Contracts
import Foundation
import Messaging
import Postgres

/// How a schema knows which of its messages are still to be published. Both keep the ledger by days, as the core does.
enum OutboxDesign: String, CaseIterable, Encodable {
    /// What the core does: a narrow row beside the ledger, deleted when the message is published. The ledger's own rows
    /// are never touched again.
    case pointers = "ledger and pointers"
    /// One table: each message says itself when it was published, and a partial index knows those that do not yet.
    case publishedAt = "published_at"

    /// The tables as of today. Nothing is vacuumed, so that what is left is what the design leaves.
    var migrations: [Migration] {
        let column = """
            alter table events add column published_at timestamptz;
            create index events_pending_idx on events (id) where published_at is null;
            """
        let rest = """
            select ensure_partitions(1, 1);
            do $$
            declare part regclass;
            begin
                for part in
                    select oid from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
                loop execute format('alter table %s set (autovacuum_enabled = off)', part); end loop;
            end
            $$;
            """
        return MessagingMigrations.all + [Migration(name: "0004_bench", sql: (self == .pointers ? "" : column) + rest)]
    }

    /// Appends so many messages of a kilobyte.
    func append(_ count: Int) -> SQL {
        let ids = (0..<count).map { _ in UUID.v7() }
        let body = Data(repeating: UInt8(ascii: "x"), count: 1000)
        let (head, tail) =
            switch self {
            case .pointers:
                (
                    "with appended as (",
                    """
                    returning id, day, partition_key)
                    insert into outbox (id, day, partition_key) select id, day, partition_key from appended
                    """
                )
            case .publishedAt: ("", "")
            }
        return """
            \(unescaped: head)
            insert into events (
                day, id, message_id, exchange, routing_key, type, partition_key, correlation_id, causation_id,
                traceparent, classification, time, body)
            select \(PostgresDay(Date())), nextval('event_ids'), m.id, 'events', 'bench.call.received.v1.s7',
                'bench.call.received.v1', m.id, m.id, m.id, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
                'operational', now(), \(body)
            from unnest(\(ids)) with ordinality as m(id, position) order by m.position
            \(unescaped: tail)
            """
    }

    /// What the relay reads, by the columns that it needs.
    func pending(_ limit: Int) -> SQL {
        let source =
            switch self {
            case .pointers:
                """
                from (select id, day from outbox order by id limit \(limit)) as o
                join events e on e.day = o.day and e.id = o.id order by o.id
                """
            case .publishedAt: "from events e where e.published_at is null order by e.id limit \(limit)"
            }
        return """
            select e.id, e.day, e.message_id, e.exchange, e.routing_key, e.type, e.partition_key, e.correlation_id,
                e.causation_id, e.traceparent, e.classification, e.time, e.body
            \(unescaped: source)
            """
    }

    /// As much of a message as is needed to note it. All of it is decoded, as the relay does.
    struct Pending {
        let id: Int
        let day: PostgresDay

        init(_ row: Row) throws {
            (id, day, _, _, _, _, _, _, _, _, _, _, _) = try row.decode(
                Int.self, PostgresDay.self, UUID.self, String.self, String.self, String.self, UUID.self, UUID?.self,
                UUID?.self, String?.self, String.self, Date.self, Data.self)
        }
    }

    func note(published messages: [Pending]) -> SQL {
        let ids = messages.map(\.id)
        return switch self {
        case .pointers: "delete from outbox where id = any(\(ids))"
        case .publishedAt:
            """
            update events e set published_at = clock_timestamp()
            from unnest(\(messages.map(\.day)), \(ids)) as m(day, id) where e.day = m.day and e.id = m.id
            """
        }
    }
}
