import CRabbitMQ

extension AMQPConnection {
    package func declare(_ exchange: Exchange) async throws {
        try await call(
            "declare exchange \(exchange.name)", AMQP_EXCHANGE_DECLARE_METHOD,
            expecting: AMQP_EXCHANGE_DECLARE_OK_METHOD
        ) { (arena) throws(AMQPError) in
            var method = amqp_exchange_declare_t()
            method.exchange = arena.bytes(exchange.name)
            method.type = arena.bytes(exchange.kind.rawValue)
            method.durable = exchange.durable ? 1 : 0
            method.internal = exchange.isInternal ? 1 : 0
            method.arguments = try arena.table(exchange.arguments)
            return method
        }
    }

    package func declare(_ queue: Queue) async throws {
        try await call(
            "declare queue \(queue.name)", AMQP_QUEUE_DECLARE_METHOD, expecting: AMQP_QUEUE_DECLARE_OK_METHOD
        ) { (arena) throws(AMQPError) in
            var method = amqp_queue_declare_t()
            method.queue = arena.bytes(queue.name)
            method.durable = queue.durable ? 1 : 0
            method.exclusive = queue.exclusive ? 1 : 0
            method.arguments = try arena.table(queue.arguments)
            return method
        }
    }

    package func bind(_ binding: Binding) async throws {
        switch binding.destination {
        case .queue(let name):
            try await call("bind queue \(name)", AMQP_QUEUE_BIND_METHOD, expecting: AMQP_QUEUE_BIND_OK_METHOD) {
                (arena) throws(AMQPError) in
                amqp_queue_bind_t(
                    ticket: 0, queue: arena.bytes(name), exchange: arena.bytes(binding.exchange),
                    routing_key: arena.bytes(binding.routingKey), nowait: 0,
                    arguments: try arena.table(binding.arguments))
            }
        case .exchange(let name):
            try await call(
                "bind exchange \(name)", AMQP_EXCHANGE_BIND_METHOD, expecting: AMQP_EXCHANGE_BIND_OK_METHOD
            ) { (arena) throws(AMQPError) in
                amqp_exchange_bind_t(
                    ticket: 0, destination: arena.bytes(name), source: arena.bytes(binding.exchange),
                    routing_key: arena.bytes(binding.routingKey), nowait: 0,
                    arguments: try arena.table(binding.arguments))
            }
        }
    }

    /// - Parameter binding: a queue's.
    package func unbind(_ binding: Binding) async throws {
        try await call(
            "unbind queue \(binding.destination.name)", AMQP_QUEUE_UNBIND_METHOD,
            expecting: AMQP_QUEUE_UNBIND_OK_METHOD
        ) { (arena) throws(AMQPError) in
            amqp_queue_unbind_t(
                ticket: 0, queue: arena.bytes(binding.destination.name), exchange: arena.bytes(binding.exchange),
                routing_key: arena.bytes(binding.routingKey), arguments: try arena.table(binding.arguments))
        }
    }

    /// Deletes the queue with all that is in it; one that does not exist is no error.
    package func delete(queue: String) async throws {
        try await call("delete queue \(queue)", AMQP_QUEUE_DELETE_METHOD, expecting: AMQP_QUEUE_DELETE_OK_METHOD) {
            arena in
            var method = amqp_queue_delete_t()
            method.queue = arena.bytes(queue)
            return method
        }
    }

    /// Returns how many messages were thrown away. Those handed to a consumer stay.
    @discardableResult
    package func purge(queue: String) async throws -> Int {
        try await call("purge queue \(queue)", AMQP_QUEUE_PURGE_METHOD, expecting: AMQP_QUEUE_PURGE_OK_METHOD) {
            arena in
            var method = amqp_queue_purge_t()
            method.queue = arena.bytes(queue)
            return method
        }.messages
    }
}
