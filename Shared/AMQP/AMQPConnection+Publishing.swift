import CRabbitMQ

extension AMQPConnection {
    /// Has every publication from now on confirmed.
    package func enableConfirms() async throws {
        try await call("enable confirms", AMQP_CONFIRM_SELECT_METHOD, expecting: AMQP_CONFIRM_SELECT_OK_METHOD) { _ in
            amqp_confirm_select_t()
        }
        confirms = confirms ?? ConfirmLedger()
    }

    /// Publishes the messages in this order, as persistent; returns once they are written, not yet confirmed.
    ///
    /// - Returns: the last one's publish tag; the others have the tags just before it, also when several tasks send.
    ///   Zero without ``enableConfirms()``.
    /// - Throws: ``AMQPError`` `blocked` or `notEncodable` before anything is sent; after other errors any of the
    ///   messages may or may not have been taken.
    @discardableResult
    package func send(_ messages: [Publication]) async throws -> UInt64 {
        try requireUsable("publish")
        if isBlocked { throw AMQPError(.blocked, "publish") }
        // What others queued goes first, so what waits in memory is one batch.
        try await flush("publish", within: configuration.sendTimeout)
        try requireUsable("publish")
        let mark = outgoing.mark
        do throws(AMQPError) {
            for message in messages {
                arena.recycle()
                try outgoing.append(message, channel: Self.channel, arena: arena)
            }
        } catch {
            outgoing.takeBack(to: mark)
            throw error
        }
        for message in messages { confirms?.publish(message) }
        let last = confirms?.published ?? 0
        try await flush("publish", within: configuration.sendTimeout)
        return last
    }

    /// Waits until the broker has settled every publication up to the tag.
    ///
    /// - Returns: those it did not take, each told once; the others are safe with the broker.
    /// - Throws: ``AMQPError`` `confirmDeadline` when the time is up, `connectionLost` and the like; then publish again
    ///   on another connection whatever is not known to be confirmed.
    package func confirmations(through tag: UInt64, within time: Duration) async throws -> [UInt64: Rejection] {
        let deadline = ContinuousClock.now + time
        guard tag <= confirms?.published ?? 0 else { throw AMQPError(.unknownTag, "confirm") }
        receive()
        while confirms?.isSettled(through: tag) == false {
            try requireUsable("confirm")
            try Task.checkCancellation()
            guard ContinuousClock.now < deadline else { throw AMQPError(.confirmDeadline, "confirm") }
            await waitForNews(until: deadline, isCancellable: true)
        }
        return confirms?.takeRejections(through: tag) ?? [:]
    }
}
