import Contracts
import Logging
import Metrics
import Postgres
import ServiceLifecycle

/// Keeps days' partitions ahead of time, drops those that have been kept long enough, and reports how much waits.
package struct Upkeep: Service {
    let service: ServiceName
    /// How many days the ledger and the inbox go back.
    let retention: Int
    let database: PostgresClient
    let logger: Logger

    /// Days behind cover what the inbox must still tell apart; days ahead cover a clock that is off and a weekend.
    package static let daysBehind = 15
    package static let daysAhead = 3

    package func run() async throws {
        let stop = Wakeup()
        await withTaskCancellationOrGracefulShutdownHandler {
            var round = 0
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                do {
                    if round % 360 == 0 {
                        let (behind, ahead) = (Int32(Self.daysBehind), Int32(Self.daysAhead))
                        _ = try await database.query("select ensure_partitions(\(behind), \(ahead))")
                    }
                    try await measure()
                    if round % 360 == 0 { try await forget() }
                    round += 1
                } catch {
                    logger.warning("upkeep failed", metadata: ["error": "\(error)"])
                }
                await stop.sleep(upTo: .seconds(10))
            }
        } onCancelOrGracefulShutdown: {
            stop.wake()
        }
    }

    /// A day that is still needed, or in use, is dropped in a later hour.
    private func forget() async throws {
        while let day = try await database.query("select drop_oldest_day(\(Int32(retention)))").first?
            .decode(String?.self)
        {
            logger.notice("day dropped", metadata: ["table": "\(day)", "retention": "\(retention)"])
        }
        for (table, time) in [("failures", "at"), ("parked", "resolved_at"), ("inbox_undated", "handled_at")] {
            try await database.execute(
                """
                delete from \(unescaped: table)
                where \(unescaped: time) < clock_timestamp() - \(retention) * interval '1 day'
                """)
        }
    }

    private func measure() async throws {
        let rows = try await database.query(
            """
            select (select count(*) from outbox), (select count(*) from retries),
                (select count(*) from parked where resolved_at is null), (select count(*) from timers)
            """)
        guard let counts = try rows.first?.decode(Int.self, Int.self, Int.self, Int.self) else { return }
        let dimensions = [("service", service.rawValue)]
        Gauge(label: "outbox_pending", dimensions: dimensions).record(counts.0)
        Gauge(label: "retry_depth", dimensions: dimensions).record(counts.1)
        Gauge(label: "parked_open", dimensions: dimensions).record(counts.2)
        Gauge(label: "timers_set", dimensions: dimensions).record(counts.3)
    }
}
