import CRabbitMQ

/// What the broker says when it ends a channel or a connection.
struct Closing {
    let replyCode: Int
    let replyText: String
}

extension AMQPError {
    /// - Parameter other: the code for a reply that has none of its own.
    init(_ closing: Closing, otherwise other: Code, _ operation: String) {
        let code: Code =
            switch closing.replyCode {
            case 403: .accessRefused
            case 404: .notFound
            case 405: .resourceLocked
            case 406: .preconditionFailed
            case 501...505: .protocolViolation
            case 530: .notAllowed
            default: other
            }
        self.init(code, operation, replyCode: closing.replyCode, replyText: closing.replyText)
    }

    /// - Parameter status: a negative result of librabbitmq.
    init(status: Int32, _ operation: String, otherwise other: Code) {
        let code: Code =
            switch status {
            case AMQP_STATUS_BAD_AMQP_DATA.rawValue, AMQP_STATUS_UNKNOWN_CLASS.rawValue,
                AMQP_STATUS_UNKNOWN_METHOD.rawValue, AMQP_STATUS_UNEXPECTED_STATE.rawValue,
                AMQP_STATUS_WRONG_METHOD.rawValue, AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION.rawValue:
                .protocolViolation
            default: other
            }
        self.init(code, operation, replyText: String(cString: amqp_error_string2(status)))
    }

    /// None of the brokers took us. An answer says more than no answer.
    init(unreachable failures: [AMQPError]) {
        let telling = failures.first { $0.code != .connectionFailed } ?? failures.last
        self = telling ?? AMQPError(.connectionFailed, "connect")
        guard failures.count > 1 else { return }
        replyText = failures.map(\.debugDescription).joined(separator: "; ")
    }

    /// - Parameter reply: the result of a login that did not succeed.
    init(login reply: amqp_rpc_reply_t, _ operation: String) {
        if reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION, reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD,
            let closing = Closing(connection: reply.reply.decoded)
        {
            self.init(closing, otherwise: .connectionFailed, operation)
        } else {
            self.init(status: reply.library_error, operation, otherwise: .connectionFailed)
        }
    }
}

extension Closing {
    init?(connection decoded: UnsafeMutableRawPointer?) {
        guard let method = decoded?.assumingMemoryBound(to: amqp_connection_close_t.self).pointee else { return nil }
        self.init(replyCode: Int(method.reply_code), replyText: method.reply_text.text)
    }

    init?(channel decoded: UnsafeMutableRawPointer?) {
        guard let method = decoded?.assumingMemoryBound(to: amqp_channel_close_t.self).pointee else { return nil }
        self.init(replyCode: Int(method.reply_code), replyText: method.reply_text.text)
    }
}
