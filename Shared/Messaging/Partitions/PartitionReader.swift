import AMQP
import Contracts
import Logging
import Postgres
import ServiceLifecycle

/// Takes a subscription's events from all its partitions, whatever their number just now.
///
/// Guarantee: the queues of a newer generation are not read before those of the older are drained, so that the order
/// per key holds over a rescale. The layout comes from the broker, so a rescale needs no restart.
struct PartitionReader: Sendable {
    let subscription: Subscription
    let broker: AMQPConfiguration
    let logger: Logger
    let reader: @Sendable (_ queue: String) -> QueueReader

    /// Returns at shutdown. The partitions are settled at the same time, each in its own order.
    func run<Prepared: Sendable>(
        preparing prepare: @escaping @Sendable ([Delivery]) -> Prepared,
        _ settle: @escaping @Sendable (Prepared, PostgresClient) async throws -> Void
    ) async {
        var backoff = Backoff()
        var next = 1
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            guard let layout = await layout(from: next) else {
                logger.warning("no queue to read", metadata: ["subscription": "\(subscription.name)"])
                await backoff.pause()
                continue
            }
            backoff.reset()
            logger.info(
                "reading partitions",
                metadata: [
                    "subscription": "\(subscription.name)", "generation": "\(layout.generation)",
                    "partitions": "\(layout.partitions)",
                ])
            await withDiscardingTaskGroup { group in
                for queue in layout.queues(of: subscription) {
                    group.addTask {
                        await reader(queue).run(preparing: prepare, settle) { await isOver(layout.generation) }
                    }
                }
            }
            next = layout.generation + 1
        }
    }

    /// The next layout there is; a generation that begins anew when there is none.
    private func layout(from generation: Int) async -> PartitionLayout? {
        await ask { connection in
            if generation > 1,
                let next = try await PartitionLayout.oldest(of: subscription, from: generation, on: connection)
            {
                return next
            }
            return try await PartitionLayout.oldest(of: subscription, on: connection)
        }
    }

    /// Whether a queue is missing because its generation was deleted and another took its place, and not by mistake.
    private func isOver(_ generation: Int) async -> Bool {
        await ask { connection in
            // Beside a newer generation, what is missing of this one was drained and deleted.
            let next = subscription.queue(generation: generation + 1)
            if try await connection.inspect(queue: next) != nil {
                return try await PartitionLayout.oldest(of: subscription, from: generation + 1, on: connection)
            }
            let first = subscription.queue(generation: generation)
            if try await connection.inspect(queue: first) != nil { return nil }
            return try await PartitionLayout.oldest(of: subscription, on: connection)
        } != nil
    }

    private func ask(
        _ question: (AMQPConnection) async throws -> PartitionLayout?
    ) async -> PartitionLayout? {
        do {
            let connection = try await AMQPConnection.open(broker)
            let answer: Result<PartitionLayout?, any Error>
            do { answer = .success(try await question(connection)) } catch { answer = .failure(error) }
            await connection.close()
            return try answer.get()
        } catch {
            logger.warning(
                "the broker does not say how a subscription is divided",
                metadata: ["subscription": "\(subscription.name)", "error": "\(error)"])
            return nil
        }
    }
}
