import Foundation
import Postgres

/// Messages that wait: to be tried again, for their time to come, or for a person to look at them.
struct Waiting {
    let transaction: Transaction

    /// How long the next try waits. After the last the message is parked.
    static let delays: [Duration] = [.seconds(1), .seconds(10), .seconds(60), .seconds(600), .seconds(3600)]

    struct Retry {
        let envelope: Envelope
        let refusal: Refusal
        /// Tries so far, this one included.
        let attempts: Int
    }

    func retryLater(_ retries: [Retry]) {
        guard !retries.isEmpty else { return }
        let delays = retries.map { Self.delays[min($0.attempts, Self.delays.count) - 1] / .seconds(1) }
        transaction.enqueue(
            """
            insert into retries (
                message_id, type, partition_key, correlation_id, traceparent, body, attempts, next_at, code, detail)
            select distinct on (m.id) m.id, m.type, m.key, m.correlation, m.traceparent, m.body, m.attempts,
                clock_timestamp() + m.delay * interval '1 second', m.code, m.detail
            from unnest(
                \(retries.map(\.envelope.id)), \(retries.map(\.envelope.type)), \(retries.map(\.envelope.partitionKey)),
                \(retries.map(\.envelope.correlation)), \(retries.map(\.envelope.trace.traceparent)),
                \(retries.map(\.envelope.data)), \(retries.map { Int32($0.attempts) }), \(delays),
                \(retries.map(\.refusal.code)), \(retries.map(\.refusal.detail))
            ) as m(id, type, key, correlation, traceparent, body, attempts, delay, code, detail)
            on conflict (message_id) do update set
                type = excluded.type, body = excluded.body, attempts = excluded.attempts, next_at = excluded.next_at,
                code = excluded.code, detail = excluded.detail
            """)
        note(retries.map { Failure(message: $0.envelope.id, code: $0.refusal.code, detail: $0.refusal.detail) })
    }

    func park(_ messages: [Parked]) {
        guard !messages.isEmpty else { return }
        transaction.enqueue(
            """
            insert into parked (
                message_id, type, partition_key, correlation_id, traceparent, body, byte_count, sha256, code, detail)
            select distinct on (id) * from unnest(
                \(messages.map(\.id)), \(messages.map(\.type)), \(messages.map(\.partitionKey)),
                \(messages.map(\.correlation)), \(messages.map(\.traceparent)), \(messages.map(\.body)),
                \(messages.map(\.byteCount)), \(messages.map(\.sha256)), \(messages.map(\.code)),
                \(messages.map(\.detail))
            ) as m(id, type, key, correlation, traceparent, body, byte_count, sha256, code, detail)
            on conflict (message_id) do update set
                type = excluded.type, body = excluded.body, byte_count = excluded.byte_count,
                sha256 = excluded.sha256, code = excluded.code, detail = excluded.detail, times = parked.times + 1,
                parked_at = clock_timestamp(), resolved_at = null, resolution = null
            """)
        note(messages.map { Failure(message: $0.id, code: $0.code, detail: $0.detail) })
    }

    private struct Failure {
        let message: UUID
        let code: String
        let detail: String
    }

    /// Keeps every reason, not only the last.
    private func note(_ failures: [Failure]) {
        transaction.enqueue(
            """
            insert into failures (message_id, code, detail)
            select * from unnest(\(failures.map(\.message)), \(failures.map(\.code)), \(failures.map(\.detail)))
            """)
    }

    struct Timer {
        let timer: DueTimer
        let cause: Cause
    }

    func set(_ timers: [Timer]) {
        guard !timers.isEmpty else { return }
        transaction.enqueue(
            """
            insert into timers (id, kind, due, partition_key, correlation_id, traceparent, body)
            select * from unnest(
                \(timers.map(\.timer.id)), \(timers.map(\.timer.kind)), \(timers.map(\.timer.due)),
                \(timers.map(\.timer.partitionKey)), \(timers.map(\.cause.correlation)),
                \(timers.map(\.cause.trace.traceparent)), \(timers.map(\.timer.data)))
            on conflict (id) do update set
                kind = excluded.kind, due = excluded.due, partition_key = excluded.partition_key,
                correlation_id = excluded.correlation_id, traceparent = excluded.traceparent, body = excluded.body
            """)
    }

    /// Also those that were due and are to be tried again.
    func withdrawTimers(_ ids: [UUID]) {
        guard !ids.isEmpty else { return }
        transaction.enqueue("delete from timers where id = any(\(ids))")
        transaction.enqueue("delete from retries where message_id = any(\(ids))")
    }
}
