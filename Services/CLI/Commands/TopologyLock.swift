import AMQP

/// Keeps two people from changing the broker's queues at the same moment.
///
/// The lock is a queue that belongs to a connection: the broker takes it back from whoever dies.
enum TopologyLock {
    private static let queue = Queue("copps.topology.lock", durable: false, exclusive: true)
    /// How long a predecessor that was killed may still be taken for alive.
    private static let patience = Duration.seconds(10)

    /// The body may use the connection that holds the lock.
    ///
    /// - Throws: ``CommandFailure`` when somebody else goes on changing them.
    static func holding<Value>(
        _ broker: AMQPConfiguration, _ body: (AMQPConnection) async throws -> Value
    ) async throws -> Value {
        let holder = try await take(broker)
        do {
            let value = try await body(holder)
            await holder.close()
            return value
        } catch {
            await holder.close()
            throw error
        }
    }

    private static func take(_ broker: AMQPConfiguration) async throws -> AMQPConnection {
        let deadline = ContinuousClock.now + patience
        while true {
            // The broker ends the channel of a connection that it refuses the queue.
            let connection = try await AMQPConnection.open(broker)
            do {
                try await connection.declare(queue)
                return connection
            } catch {
                await connection.close()
                guard (error as? AMQPError)?.code == .resourceLocked else { throw error }
                guard ContinuousClock.now < deadline else {
                    throw CommandFailure("somebody else is changing the topology; try again when they are done")
                }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
