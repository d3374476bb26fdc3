import CRabbitMQ

extension AMQPConnection {
    /// A question that the broker has yet to answer; there is one at a time.
    struct Request {
        let operation: String
        let channel: UInt16
        let expected: amqp_method_number_t
        var result: Result<Frame.Answer, AMQPError>?
    }

    /// Sends one request and returns the answer.
    @discardableResult
    func call<Method: BitwiseCopyable>(
        _ operation: String, _ method: amqp_method_number_t, expecting expected: amqp_method_number_t,
        _ arguments: (Arena) throws(AMQPError) -> Method
    ) async throws(AMQPError) -> Frame.Answer {
        try await inTurn(operation, within: configuration.answerTimeout) { () async throws(AMQPError) in
            try requireReady(operation)
            return try await ask(operation, method, expecting: expected, on: Self.channel, arguments)
        }
    }

    func openChannel() async throws(AMQPError) {
        try await call("open channel", AMQP_CHANNEL_OPEN_METHOD, expecting: AMQP_CHANNEL_OPEN_OK_METHOD) { _ in
            amqp_channel_open_t()
        }
    }

    /// Whether messages wait in a queue, and how many consumers it has; nil when there is no such queue.
    package func inspect(queue: String) async throws -> (messages: Int, consumers: Int)? {
        let answer = try await probe(
            "inspect queue \(queue)", AMQP_QUEUE_DECLARE_METHOD, expecting: AMQP_QUEUE_DECLARE_OK_METHOD
        ) { arena in
            var method = amqp_queue_declare_t()
            method.queue = arena.bytes(queue)
            method.passive = 1
            return method
        }
        return answer.map { ($0.messages, $0.consumers) }
    }

    package func exists(exchange: String) async throws -> Bool {
        try await probe(
            "inspect exchange \(exchange)", AMQP_EXCHANGE_DECLARE_METHOD, expecting: AMQP_EXCHANGE_DECLARE_OK_METHOD
        ) { arena in
            var method = amqp_exchange_declare_t()
            method.exchange = arena.bytes(exchange)
            method.type = arena.bytes("topic")  // passive: not compared
            method.passive = 1
            return method
        } != nil
    }

    /// Asks about something that may not exist; nil when it does not.
    private func probe<Method: BitwiseCopyable>(
        _ operation: String, _ method: amqp_method_number_t, expecting expected: amqp_method_number_t,
        _ arguments: (Arena) throws(AMQPError) -> Method
    ) async throws(AMQPError) -> Frame.Answer? {
        do throws(AMQPError) {
            return try await inTurn(operation, within: configuration.answerTimeout) { () async throws(AMQPError) in
                try requireReady(operation)
                if !hasProbeChannel {
                    try await ask(
                        operation, AMQP_CHANNEL_OPEN_METHOD, expecting: AMQP_CHANNEL_OPEN_OK_METHOD,
                        on: Self.probeChannel
                    ) { _ in amqp_channel_open_t() }
                    hasProbeChannel = true
                }
                return try await ask(operation, method, expecting: expected, on: Self.probeChannel, arguments)
            }
        } catch {
            guard error.code == .notFound, failure == nil else { throw error }
            return nil
        }
    }

    func requestClosing(within time: Duration) async throws(AMQPError) {
        try await inTurn("close", within: time) { () async throws(AMQPError) in
            try await ask(
                "close", AMQP_CONNECTION_CLOSE_METHOD, expecting: AMQP_CONNECTION_CLOSE_OK_METHOD, on: 0, within: time
            ) { arena in
                var method = amqp_connection_close_t()
                method.reply_code = UInt16(AMQP_REPLY_SUCCESS)
                method.reply_text = arena.bytes("good-bye")
                return method
            }
        }
    }

    private func requireReady(_ operation: String) throws(AMQPError) {
        try requireUsable(operation)
        // The broker would not read the request, and the deadline would cost us the connection.
        if isBlocked { throw AMQPError(.blocked, operation) }
    }

    /// Runs requests that belong together while no other runs.
    @discardableResult
    private func inTurn<Value>(
        _ operation: String, within time: Duration, _ body: () async throws(AMQPError) -> Value
    ) async throws(AMQPError) -> Value {
        let deadline = ContinuousClock.now + time
        while isRequesting {
            guard ContinuousClock.now < deadline else { throw AMQPError(.connectionLost, operation) }
            await waitForNews(until: deadline, isCancellable: false)
        }
        isRequesting = true
        defer {
            isRequesting = false
            waiters.resumeAll()
        }
        return try await body()
    }

    /// Not cancellable: the answer will come, and must find its question.
    @discardableResult
    private func ask<Method: BitwiseCopyable>(
        _ operation: String, _ method: amqp_method_number_t, expecting expected: amqp_method_number_t,
        on channel: UInt16, within time: Duration? = nil, _ arguments: (Arena) throws(AMQPError) -> Method
    ) async throws(AMQPError) -> Frame.Answer {
        let time = time ?? configuration.answerTimeout
        arena.recycle()
        try outgoing.append(method, arguments(arena), channel: channel)
        request = Request(operation: operation, channel: channel, expected: expected)
        defer { request = nil }
        let deadline = ContinuousClock.now + time
        try await flush(operation, within: time)
        while true {
            if let result = request?.result { return try result.get() }
            guard isConnected else {
                try requireUsable(operation)
                throw AMQPError(.connectionLost, operation)
            }
            guard ContinuousClock.now < deadline else {
                lose(AMQPError(.connectionLost, operation, replyText: "the broker did not answer"))
                continue
            }
            await waitForNews(until: deadline, isCancellable: false)
        }
    }
}
