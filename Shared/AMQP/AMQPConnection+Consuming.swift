import CRabbitMQ

extension AMQPConnection {
    /// Has the queue's messages sent here, at most `prefetch` that are not yet acknowledged.
    ///
    /// - Parameter prefetch: 1 to 65535, and at least twice the batch that is acknowledged at once.
    package func startConsuming(_ queue: String, prefetch: Int) async throws {
        let operation = "consume \(queue)"
        try await call(operation, AMQP_BASIC_QOS_METHOD, expecting: AMQP_BASIC_QOS_OK_METHOD) { _ in
            amqp_basic_qos_t(prefetch_size: 0, prefetch_count: UInt16(clamping: max(1, prefetch)), global: 0)
        }
        cancelledQueue = nil
        try await call(operation, AMQP_BASIC_CONSUME_METHOD, expecting: AMQP_BASIC_CONSUME_OK_METHOD) { arena in
            var method = amqp_basic_consume_t()
            method.queue = arena.bytes(queue)
            method.consumer_tag = arena.bytes(queue)  // so a cancellation names its queue
            return method
        }
    }

    /// Waits for a message, then returns it with all that have arrived by then.
    ///
    /// - Returns: at most `maximum` deliveries in the order of the queue; none when the time is up.
    /// - Throws: ``AMQPError`` `consumerCancelled` once all that arrived before is handed out; `connectionLost` and the
    ///   like at once, as it can no longer be acknowledged; `CancellationError`.
    package func deliveries(upTo maximum: Int, within time: Duration) async throws -> [Delivery] {
        let deadline = ContinuousClock.now + time
        receive()
        while true {
            try requireUsable("consume")
            if !arrived.isEmpty { break }
            if let cancelledQueue { throw AMQPError(.consumerCancelled, "consume \(cancelledQueue)") }
            try Task.checkCancellation()
            guard ContinuousClock.now < deadline else { return [] }
            await waitForNews(until: deadline, isCancellable: true)
        }
        let batch = Array(arrived.prefix(maximum))
        arrived.removeFirst(batch.count)
        return batch
    }

    /// Tells the broker that this delivery and all before it are done with.
    package func acknowledge(through tag: UInt64) async throws {
        guard tag > 0 else { return }  // the protocol's zero means all there are
        try await settle("acknowledge", AMQP_BASIC_ACK_METHOD, amqp_basic_ack_t(delivery_tag: tag, multiple: 1))
    }

    /// Gives one delivery back.
    ///
    /// - Parameter requeue: whether it goes back to its queue; else it is dead-lettered or dropped.
    package func reject(_ tag: UInt64, requeue: Bool) async throws {
        try await settle(
            "reject", AMQP_BASIC_REJECT_METHOD, amqp_basic_reject_t(delivery_tag: tag, requeue: requeue ? 1 : 0))
    }

    private func settle<Method: BitwiseCopyable>(_ operation: String, _ id: amqp_method_number_t, _ method: Method)
        async throws
    {
        try requireUsable(operation)
        try outgoing.append(id, method, channel: Self.channel)
        try await flush(operation, within: configuration.sendTimeout)
    }
}
