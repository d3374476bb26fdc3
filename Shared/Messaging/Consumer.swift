package import AMQP
import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle

/// Takes a queue's messages in batches, has each batch committed, and only then acknowledges it.
///
/// Guarantee: nothing after the acknowledgement matters. A crash, a lost connection or a lost COMMIT answer means
/// redelivery, which the inbox recognizes. While the database is away nothing is read, and the broker keeps the rest.
package struct Consumer<Handler: EventHandler>: Service {
    let queue: String
    let broker: AMQPConfiguration
    let processor: Processor<Handler>
    let logger: Logger
    /// Tells what a delivery is. A delivery that is nothing we know is parked.
    let read: @Sendable (Delivery) -> Reading

    package enum Reading: Sendable {
        case envelope(Envelope, Origin)
        case parked(Parked)
    }

    private static var batchSize: Int { 256 }
    /// How long unacknowledged messages are kept while the database is away, before they go back in order.
    private static var patience: Duration { .seconds(60) }

    package func run() async throws {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                try await consume(&backoff)
            } catch {
                if Task.isShuttingDownGracefully || Task.isCancelled { break }
                logger.warning("consumer reconnects", metadata: ["queue": "\(queue)", "error": "\(error)"])
                Counter(label: "amqp_reconnects_total", dimensions: [("queue", queue)]).increment()
                await backoff.pause()
            }
        }
    }

    private func consume(_ backoff: inout Backoff) async throws {
        let connection = try await AMQPConnection.open(broker)
        do {
            try await connection.startConsuming(queue, prefetch: 2 * Self.batchSize)
            logger.info("consuming", metadata: ["queue": "\(queue)"])
            var quietSince = ContinuousClock.now
            while !Task.isShuttingDownGracefully {
                let deliveries = try await connection.deliveries(upTo: Self.batchSize, within: .milliseconds(500))
                if let last = deliveries.last {
                    try await settle(deliveries)
                    try await connection.acknowledge(through: last.tag)
                    backoff.reset()
                    quietSince = .now
                } else if ContinuousClock.now - quietSince > .seconds(30) {
                    try await checkHearing(connection)
                    quietSince = .now
                }
            }
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Returns once every one of these is committed. Tries again while the database is away, then gives up the
    /// connection, so the messages return to the queue in their order.
    private func settle(_ deliveries: [Delivery]) async throws {
        let deadline = ContinuousClock.now + Self.patience
        var backoff = Backoff()
        while true {
            do {
                return try await settleOnce(deliveries)
            } catch let error as PostgresError where error.isTransient && ContinuousClock.now < deadline {
                logger.warning("batch is retried", metadata: ["queue": "\(queue)", "error": "\(error)"])
                await backoff.pause()
                if Task.isShuttingDownGracefully { throw error }
            }
        }
    }

    private func settleOnce(_ deliveries: [Delivery]) async throws {
        var envelopes: [Origin: [Envelope]] = [:]
        var parked: [Parked] = []
        for delivery in deliveries {
            switch read(delivery) {
            case .envelope(let envelope, let source): envelopes[source, default: []].append(envelope)
            case .parked(let message): parked.append(message)
            }
        }
        if !parked.isEmpty { try await processor.park(parked) }
        for (source, batch) in envelopes { try await processor.process(batch, from: source) }
    }

    /// A quorum queue that is deleted and declared anew drops its consumer without a word. Messages that wait while
    /// nothing arrives mean that we are deaf (or a standby, which loses nothing by connecting again).
    private func checkHearing(_ connection: AMQPConnection) async throws {
        let probe = try await AMQPConnection.open(broker)
        let state = try? await probe.inspect(queue: queue)
        await probe.close()
        if state == nil || (state?.messages ?? 0) > 0 { throw Deaf(queue: queue) }
    }

    private struct Deaf: Error {
        let queue: String
    }
}

extension Consumer.Reading {
    /// Our own events: CloudEvents, told apart by the inbox.
    package static func event(_ delivery: Delivery) -> Self {
        do {
            return .envelope(try Envelope(delivery, now: Date()), .inbox)
        } catch {
            return .parked(Parked(delivery, code: error.code, detail: error.detail))
        }
    }
}

extension Parked {
    package init(_ delivery: Delivery, code: String, detail: String) {
        switch delivery.content {
        case .body(let data):
            self.init(
                type: delivery.routingKey, body: data, byteCount: data.count, sha256: data.sha256, code: code,
                detail: detail)
        case .oversized(let byteCount, let sha256):
            self.init(
                type: delivery.routingKey, body: nil, byteCount: byteCount, sha256: sha256, code: code, detail: detail)
        }
    }
}
