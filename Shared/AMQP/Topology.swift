/// Everything that should stand on a broker.
package struct Topology: Hashable, Sendable {
    package let exchanges: [Exchange]
    package let queues: [Queue]
    package let bindings: [Binding]

    package init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }

    /// Declares all of it; what stands already is left as it is.
    ///
    /// - Throws: ``AMQPError/Code/preconditionFailed`` naming what exists with other properties.
    package func declare(on connection: AMQPConnection) async throws {
        for exchange in exchanges { try await connection.declare(exchange) }
        for queue in queues { try await connection.declare(queue) }
        for binding in bindings { try await connection.bind(binding) }
    }
}
