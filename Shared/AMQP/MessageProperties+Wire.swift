import CRabbitMQ
import Foundation

extension MessageProperties {
    /// Copies the properties out of librabbitmq's memory.
    init(_ properties: amqp_basic_properties_t) {
        func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? {
            properties._flags & UInt32(flag) == 0 ? nil : bytes.text
        }
        self.init(
            messageID: text(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id),
            contentType: text(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type),
            correlationID: text(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id),
            type: text(AMQP_BASIC_TYPE_FLAG, properties.type),
            appID: text(AMQP_BASIC_APP_ID_FLAG, properties.app_id))
        if properties._flags & UInt32(AMQP_BASIC_TIMESTAMP_FLAG) != 0 {
            timestamp = Date(timeIntervalSince1970: Double(properties.timestamp))
        }
        if properties._flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0 {
            headers = HeaderValue.table(properties.headers)
        }
    }

    /// Lays the properties out in the arena's memory.
    func persistent(in arena: Arena) throws(AMQPError) -> amqp_basic_properties_t {
        var properties = amqp_basic_properties_t()
        var flags = AMQP_BASIC_DELIVERY_MODE_FLAG
        properties.delivery_mode = UInt8(AMQP_DELIVERY_PERSISTENT.rawValue)
        func lay(_ text: String?, _ flag: Int32) -> amqp_bytes_t {
            guard let text else { return amqp_bytes_t() }
            flags |= flag
            return arena.bytes(text)
        }
        properties.message_id = lay(messageID, AMQP_BASIC_MESSAGE_ID_FLAG)
        properties.content_type = lay(contentType, AMQP_BASIC_CONTENT_TYPE_FLAG)
        properties.correlation_id = lay(correlationID, AMQP_BASIC_CORRELATION_ID_FLAG)
        properties.type = lay(type, AMQP_BASIC_TYPE_FLAG)
        properties.app_id = lay(appID, AMQP_BASIC_APP_ID_FLAG)
        if let timestamp {
            flags |= AMQP_BASIC_TIMESTAMP_FLAG
            properties.timestamp = timestamp.wholeSeconds
        }
        if !headers.isEmpty {
            flags |= AMQP_BASIC_HEADERS_FLAG
            properties.headers = try arena.table(headers)
        }
        properties._flags = UInt32(flags)
        return properties
    }
}
