import AMQP

/// Keeps two people from changing the broker's queues at the same moment.
///
/// The lock is a queue that belongs to a connection: the broker takes it back from whoever dies.
enum TopologyLock {
    private static let queue = Queue("copps.topology.lock", durable: false, exclusive: true)
    /// A broker takes a connection that was cut off for alive until two heartbeats are missing, 10 s each.
    private static let patience = Duration.seconds(25)

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

    /// To be called between the steps of long work.
    ///
    /// - Throws: when the connection is lost, and the lock with it.
    static func hold(_ holder: AMQPConnection) async throws {
        try await holder.declare(queue)
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
                    throw CommandFailure(
                        "somebody else is changing the topology, perhaps a rescale that waits for its service; try again"
                    )
                }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
