import CRabbitMQ

extension AMQPConnection {
    /// The channel for everything except ``probeChannel``.
    static let channel: UInt16 = 1
    /// For questions that the broker answers by ending the channel.
    static let probeChannel: UInt16 = 2

    /// - Throws: what ends the connection.
    func handle(_ frame: Frame) throws(AMQPError) {
        switch frame.payload {
        case .message(let envelope):
            try assembler.begin(envelope)
        case .header(let bodySize, let properties):
            if let message = try assembler.header(bodySize: bodySize, properties) { try take(message) }
        case .body(let piece):
            if let message = try assembler.body(piece) { try take(message) }
        case .settled(let tag, let multiple, let rejection):
            try confirms?.settle(tag, multiple: multiple, rejection: rejection)
        case .consumerCancelled(let queue):
            cancelledQueue = queue
        case .blocked(let isBlocked):
            self.isBlocked = isBlocked
        case .answer(let answer):
            try take(answer, channel: frame.channel)
        case .channelClosed(let closing):
            try channelClosed(frame.channel, closing)
        case .connectionClosed(let closing):
            try outgoing.append(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t(), channel: 0)
            write()
            throw AMQPError(closing, otherwise: .connectionLost, request?.operation ?? "connection")
        case .other:
            break
        }
    }

    private func take(_ message: ContentAssembler.Message) throws(AMQPError) {
        switch message.envelope {
        case .delivery(let tag, let redelivered, let exchange, let routingKey):
            guard failure == nil else { return }
            arrived.append(
                Delivery(
                    tag: tag, redelivered: redelivered, exchange: exchange, routingKey: routingKey,
                    properties: message.properties, content: message.content))
        case .returned(let rejection, let exchange, let routingKey):
            let address = ConfirmLedger.Address(
                exchange: exchange, routingKey: routingKey, messageID: message.properties.messageID)
            try confirms?.giveBack(address, rejection)
        }
    }

    private func take(_ answer: Frame.Answer, channel: UInt16) throws(AMQPError) {
        guard request?.channel == channel, request?.expected == answer.method else {
            throw AMQPError(.protocolViolation, "read", replyText: "an answer to no request")
        }
        request?.result = .success(answer)
    }

    private func channelClosed(_ channel: UInt16, _ closing: Closing) throws(AMQPError) {
        try outgoing.append(AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t(), channel: channel)
        write()
        let operation = request?.channel == channel ? request?.operation : nil
        let error = AMQPError(closing, otherwise: .channelClosed, operation ?? "channel")
        if request?.channel == channel { request?.result = .failure(error) }
        if channel == Self.probeChannel {
            hasProbeChannel = false
        } else {
            loseChannel(error)
        }
    }
}
