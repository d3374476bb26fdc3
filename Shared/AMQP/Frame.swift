import CRabbitMQ
import Foundation

/// One frame from the broker, copied out of librabbitmq's memory.
struct Frame {
    let channel: UInt16
    let payload: Payload

    enum Payload {
        /// A message follows: a ``header`` and, unless it is empty, ``body`` frames.
        case message(ContentAssembler.Envelope)
        case header(bodySize: UInt64, MessageProperties)
        case body(Data)
        /// Publications up to or at the tag are confirmed, or refused.
        case settled(tag: UInt64, multiple: Bool, rejection: Rejection?)
        case consumerCancelled(String)
        case blocked(Bool)
        case channelClosed(Closing)
        case connectionClosed(Closing)
        case answer(Answer)
        case other
    }

    /// What the broker says to a request.
    struct Answer {
        let method: amqp_method_number_t
        var messages = 0
        var consumers = 0
    }

    init(_ frame: amqp_frame_t) throws(AMQPError) {
        channel = frame.channel
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            payload = try Self.payload(of: frame.payload.method)
        case AMQP_FRAME_HEADER:
            let content = frame.payload.properties
            guard Int32(content.class_id) == AMQP_BASIC_CLASS else { throw Self.violation("unknown content class") }
            let properties = try Self.read(amqp_basic_properties_t.self, content.decoded)
            payload = .header(bodySize: content.body_size, MessageProperties(properties))
        case AMQP_FRAME_BODY:
            payload = .body(frame.payload.body_fragment.data)
        default:
            payload = .other
        }
    }

    private static func payload(of method: amqp_method_t) throws(AMQPError) -> Payload {
        switch method.id {
        case AMQP_BASIC_DELIVER_METHOD:
            let deliver = try read(amqp_basic_deliver_t.self, method.decoded)
            return .message(
                .delivery(
                    tag: deliver.delivery_tag, redelivered: deliver.redelivered != 0,
                    exchange: deliver.exchange.text, routingKey: deliver.routing_key.text))
        case AMQP_BASIC_RETURN_METHOD:
            let back = try read(amqp_basic_return_t.self, method.decoded)
            return .message(
                .returned(
                    .returned(code: Int(back.reply_code), text: back.reply_text.text),
                    exchange: back.exchange.text, routingKey: back.routing_key.text))
        case AMQP_BASIC_ACK_METHOD:
            let ack = try read(amqp_basic_ack_t.self, method.decoded)
            return .settled(tag: ack.delivery_tag, multiple: ack.multiple != 0, rejection: nil)
        case AMQP_BASIC_NACK_METHOD:
            let nack = try read(amqp_basic_nack_t.self, method.decoded)
            return .settled(tag: nack.delivery_tag, multiple: nack.multiple != 0, rejection: .nacked)
        case AMQP_BASIC_CANCEL_METHOD:
            return .consumerCancelled(try read(amqp_basic_cancel_t.self, method.decoded).consumer_tag.text)
        case AMQP_CONNECTION_BLOCKED_METHOD: return .blocked(true)
        case AMQP_CONNECTION_UNBLOCKED_METHOD: return .blocked(false)
        case AMQP_CHANNEL_CLOSE_METHOD:
            guard let closing = Closing(channel: method.decoded) else { throw violation("empty channel.close") }
            return .channelClosed(closing)
        case AMQP_CONNECTION_CLOSE_METHOD:
            guard let closing = Closing(connection: method.decoded) else { throw violation("empty connection.close") }
            return .connectionClosed(closing)
        default:
            return .answer(try answer(method))
        }
    }

    /// An answer that nobody awaits is found out by who handles the frame.
    private static func answer(_ method: amqp_method_t) throws(AMQPError) -> Answer {
        switch method.id {
        case AMQP_QUEUE_DECLARE_OK_METHOD:
            let declared = try read(amqp_queue_declare_ok_t.self, method.decoded)
            return Answer(
                method: method.id, messages: Int(declared.message_count), consumers: Int(declared.consumer_count))
        case AMQP_QUEUE_PURGE_OK_METHOD:
            let purged = try read(amqp_queue_purge_ok_t.self, method.decoded)
            return Answer(method: method.id, messages: Int(purged.message_count))
        default:
            return Answer(method: method.id)
        }
    }

    private static func read<Value>(_ type: Value.Type, _ decoded: UnsafeMutableRawPointer?) throws(AMQPError) -> Value
    {
        guard let decoded else { throw violation("empty frame") }
        return decoded.assumingMemoryBound(to: type).pointee
    }

    private static func violation(_ text: String) -> AMQPError {
        AMQPError(.protocolViolation, "read", replyText: text)
    }
}
