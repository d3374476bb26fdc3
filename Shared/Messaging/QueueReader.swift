import AMQP
import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Threading

/// Takes a queue's messages in batches, has each batch settled, and only then acknowledges it.
///
/// Guarantee: nothing after the acknowledgement matters. A crash, a lost connection or a lost COMMIT answer means
/// redelivery. While the database is away nothing is read, and the broker keeps the rest.
struct QueueReader: Sendable {
    let queue: String
    let broker: AMQPConfiguration
    let databaseConfiguration: PostgresConfiguration
    let pace: Pace
    let logger: Logger

    /// How long unacknowledged messages are kept while the database is away, before they go back in order.
    private static let patience = Duration.seconds(60)
    private static let quiet = Duration.seconds(30)

    /// Returns at shutdown, when the batch under way is settled and acknowledged, or when the queue is drained for good.
    ///
    /// - Parameters:
    ///   - prepare: what can be done with messages while those before them are still being settled.
    ///   - settle: returns once what became of the messages is committed, by the database it is given.
    ///   - isOver: tells of a queue that does not exist whether it is never to come back.
    func run<Prepared: Sendable>(
        preparing prepare: ([Delivery]) -> Prepared,
        _ settle: @escaping @Sendable (Prepared, PostgresClient) async throws -> Void,
        until isOver: () async -> Bool = { false }
    ) async {
        // Queue, database and what happens between them take turns, so they share a thread.
        let thread = OwnThread(name: "consumer")
        let database = PostgresClient(databaseConfiguration, maximumConnections: 1, on: thread, logger: logger)
        await withTaskExecutorPreference(thread.executor) {
            await run(on: thread, database, preparing: prepare, { try await settle($0, database) }, until: isOver)
        }
    }

    private func run<Prepared: Sendable>(
        on thread: OwnThread, _ database: PostgresClient, preparing prepare: ([Delivery]) -> Prepared,
        _ settle: @escaping @Sendable (Prepared) async throws -> Void, until isOver: () async -> Bool
    ) async {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                // The broker counts how often a message comes back: none is fetched before it can be handled.
                _ = try await database.query("select 1")
                let connection = try await AMQPConnection.open(broker, on: thread)
                do {
                    try await read(connection, prepare, settle, &backoff)
                    return await connection.close()
                } catch {
                    await connection.close()
                    throw error
                }
            } catch {
                if Task.isShuttingDownGracefully || Task.isCancelled { break }
                if let error = error as? AMQPError, error.code == .notFound, await isOver() { return }
                logger.warning("consumer reconnects", metadata: ["queue": "\(queue)", "error": "\(error)"])
                Counter(label: "amqp_reconnects_total", dimensions: [("queue", queue)]).increment()
                await backoff.pause()
            }
        }
    }

    /// While a batch is settled the next is fetched and prepared; none is settled before the one ahead is acknowledged.
    private func read<Prepared: Sendable>(
        _ connection: AMQPConnection, _ prepare: ([Delivery]) -> Prepared,
        _ settle: @escaping @Sendable (Prepared) async throws -> Void, _ backoff: inout Backoff
    ) async throws {
        // A batch that is settled, one that is prepared, and one that is on its way.
        try await connection.startConsuming(queue, prefetch: 3 * pace.batch)
        logger.info("consuming", metadata: ["queue": "\(queue)"])
        var quietSince = ContinuousClock.now
        // Holds one task at most. It returns the tag up to which all is settled.
        try await withThrowingTaskGroup(of: UInt64.self) { settling in
            while !Task.isShuttingDownGracefully {
                let arrived = try await connection.deliveries(
                    upTo: pace.batch, within: settling.isEmpty ? .milliseconds(500) : .zero)
                let deliveries = Array(arrived.prefix { !$0.endsGeneration })
                let next = deliveries.last.map { ($0.tag, prepare(deliveries)) }
                if let tag = try await settling.next() {
                    if !Mutation.ackBeforeCommit.isChosen { try await connection.acknowledge(through: tag) }
                    backoff.reset()
                    quietSince = .now
                }
                if let (tag, prepared) = next {
                    if Mutation.ackBeforeCommit.isChosen { try await connection.acknowledge(through: tag) }
                    settling.addTask {
                        try await patiently { try await settle(prepared) }
                        return tag
                    }
                }
                if deliveries.count < arrived.count {
                    logger.info("drained", metadata: ["queue": "\(queue)"])
                    break
                }
                if ContinuousClock.now - quietSince > Self.quiet {
                    try await checkHearing(connection)
                    quietSince = .now
                }
            }
            if let tag = try await settling.next(), !Mutation.ackBeforeCommit.isChosen {
                try await connection.acknowledge(through: tag)
            }
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
