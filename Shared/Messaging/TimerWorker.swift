import Contracts
import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Hands due timers to the handler that set them, as messages, each once.
package struct TimerWorker<Handler: EventHandler>: Service {
    let processor: Processor<Handler>
    let logger: Logger

    package func run() async throws {
        await processor.poll(processor.timers, logger) { try await fireDue() }
    }

    /// Returns how many timers were found due.
    private func fireDue() async throws -> Int {
        let rows = try await processor.database.query(
            """
            select id, kind, due, partition_key, correlation_id, traceparent, body from timers
            where due <= \(processor.now()) order by due limit 64
            """)
        let envelopes = try rows.map { row in
            let (id, kind, due, key, correlation, trace, body) = try row.decode(
                UUID.self, String.self, Date.self, UUID.self, UUID?.self, String?.self, Data.self)
            return Envelope(
                id: id, type: DueTimer.type(ofKind: kind), data: body, partitionKey: key, correlation: correlation,
                time: due, trace: TraceContext(traceparent: trace) ?? .root())
        }
        try await processor.processWarily(envelopes, from: .timers)
        return envelopes.count
    }
}

/// Tries again what was put off, through the same handler.
package struct RetryWorker<Handler: EventHandler>: Service {
    let processor: Processor<Handler>
    let logger: Logger

    package func run() async throws {
        await processor.poll(Wakeup(), logger) { try await retryDue() }
    }

    private func retryDue() async throws -> Int {
        let rows = try await processor.database.query(
            """
            select message_id, type, partition_key, correlation_id, traceparent, body, attempts from retries
            where next_at <= clock_timestamp() order by next_at limit 64
            """)
        var attempts: [UUID: Int] = [:]
        let envelopes = try rows.map { row in
            let (id, type, key, correlation, trace, body, tries) = try row.decode(
                UUID.self, String.self, UUID?.self, UUID?.self, String?.self, Data.self, Int.self)
            attempts[id] = tries
            return Envelope(
                id: id, type: type, data: body, partitionKey: key, correlation: correlation,
                trace: TraceContext(traceparent: trace) ?? .root())
        }
        try await processor.processWarily(envelopes, from: .retries(attempts: attempts))
        return envelopes.count
    }
}

extension Processor {
    /// Looks for work every quarter second, at once when woken, and again at once while there is some.
    fileprivate func poll(_ wakeup: Wakeup, _ logger: Logger, _ work: @Sendable () async throws -> Int) async {
        await withTaskCancellationOrGracefulShutdownHandler {
            var backoff = Backoff()
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                do {
                    if try await work() == 0 { await wakeup.sleep(upTo: .milliseconds(250)) }
                    backoff.reset()
                } catch {
                    logger.warning("waiting messages could not be handled", metadata: ["error": "\(error)"])
                    await backoff.pause()
                }
            }
        } onCancelOrGracefulShutdown: {
            wakeup.wake()
        }
    }
}
