import AMQP
import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle

/// Takes a queue's messages in batches, has each batch settled, and only then acknowledges it.
///
/// Guarantee: nothing after the acknowledgement matters. A crash, a lost connection or a lost COMMIT answer means
/// redelivery. While the database is away nothing is read, and the broker keeps the rest.
struct QueueReader: Sendable {
    let queue: String
    let broker: AMQPConfiguration
    let database: PostgresClient
    let logger: Logger

    private static let batchSize = 256
    /// How long unacknowledged messages are kept while the database is away, before they go back in order.
    private static let patience = Duration.seconds(60)
    private static let quiet = Duration.seconds(30)

    /// Returns at shutdown, when the batch under way is settled and acknowledged.
    ///
    /// - Parameter settle: returns once what became of the messages is committed.
    func run(_ settle: ([Delivery]) async throws -> Void) async {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                try await read(settle, &backoff)
            } catch {
                if Task.isShuttingDownGracefully || Task.isCancelled { break }
                logger.warning("consumer reconnects", metadata: ["queue": "\(queue)", "error": "\(error)"])
                Counter(label: "amqp_reconnects_total", dimensions: [("queue", queue)]).increment()
                await backoff.pause()
            }
        }
    }

    private func read(_ settle: ([Delivery]) async throws -> Void, _ backoff: inout Backoff) async throws {
        // The broker counts how often a message comes back: none is fetched before it can be handled.
        _ = try await database.query("select 1")
        let connection = try await AMQPConnection.open(broker)
        do {
            try await connection.startConsuming(queue, prefetch: 2 * Self.batchSize)
            logger.info("consuming", metadata: ["queue": "\(queue)"])
            var quietSince = ContinuousClock.now
            while !Task.isShuttingDownGracefully {
                let deliveries = try await connection.deliveries(upTo: Self.batchSize, within: .milliseconds(500))
                // What came back again and again may be what made it come back: one by one, so the others get through.
                let areSuspect = deliveries.contains(where: \.isSuspect)
                for batch in areSuspect ? deliveries.map({ [$0] }) : [deliveries] {
                    guard let last = batch.last else { continue }
                    if Mutation.ackBeforeCommit.isChosen { try await connection.acknowledge(through: last.tag) }
                    try await patiently { try await settle(batch) }
                    if !Mutation.ackBeforeCommit.isChosen { try await connection.acknowledge(through: last.tag) }
                    backoff.reset()
                    quietSince = .now
                }
                if ContinuousClock.now - quietSince > Self.quiet {
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

    /// Tries again while the database is away, then gives up the connection, so the messages return to the queue in
    /// their order.
    private func patiently(_ settle: () async throws -> Void) async throws {
        let deadline = ContinuousClock.now + Self.patience
        var backoff = Backoff()
        while true {
            do {
                return try await settle()
            } catch let error as PostgresError where error.mayPass && ContinuousClock.now < deadline {
                logger.warning("batch is retried", metadata: ["queue": "\(queue)", "error": "\(error)"])
                await backoff.pause()
                if Task.isShuttingDownGracefully { throw error }
            }
        }
    }

    /// A quorum queue that is deleted and declared anew drops its consumer without a word. Messages that wait while
    /// nothing arrives mean that we are deaf (or a standby, which loses nothing by connecting again).
    private func checkHearing(_ connection: AMQPConnection) async throws {
        guard let state = try await connection.inspect(queue: queue), state.messages == 0 else {
            throw Deaf(queue: queue)
        }
    }

    private struct Deaf: Error {
        let queue: String
    }
}

extension Delivery {
    /// A lost connection gives a message back once; more than that, and it may be the cause.
    var isSuspect: Bool { deliveryCount > 1 }
}

extension PostgresError {
    /// Whether the same messages may be handled later. A day's partition that is not there yet is: ``Upkeep`` makes it.
    var mayPass: Bool { isTransient || code == .closed || (sqlState == "23514" && constraint == nil) }
}
