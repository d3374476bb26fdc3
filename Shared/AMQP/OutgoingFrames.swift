import CRabbitMQ
import Foundation

/// Frames on their way to the broker: encoded whole, written in as large pieces as the socket takes.
struct OutgoingFrames {
    private var bytes: [UInt8] = []
    private var written = 0
    /// One frame's payload, the largest that was negotiated.
    private var scratch: [UInt8]

    /// A buffer that grew beyond this for one large batch is given back.
    private static let usualCapacity = 4 << 20

    init(frameSize: Int) {
        scratch = [UInt8](repeating: 0, count: max(0, frameSize - Self.overhead))
    }

    var isEmpty: Bool { written == bytes.count }

    /// Where the next frame will begin; see ``takeBack(to:)``.
    var mark: Int { bytes.count }

    /// Forgets the frames since the mark; to be called before any of them can have been written.
    mutating func takeBack(to mark: Int) {
        bytes.removeLast(bytes.count - mark)
    }

    mutating func append<Method: BitwiseCopyable>(_ id: amqp_method_number_t, _ method: Method, channel: UInt16)
        throws(AMQPError)
    {
        var method = method
        let count = try encode("encode a method") { space in amqp_encode_method(id, &method, space) }
        frame(AMQP_FRAME_METHOD, channel, count + 4) { bytes, scratch in
            bytes.append(bigEndian: id)
            bytes.append(contentsOf: scratch[..<count])
        }
    }

    /// The frames of one publication.
    mutating func append(_ message: Publication, channel: UInt16, arena: Arena) throws(AMQPError) {
        try append(
            AMQP_BASIC_PUBLISH_METHOD,
            amqp_basic_publish_t(
                ticket: 0, exchange: arena.bytes(message.exchange), routing_key: arena.bytes(message.routingKey),
                mandatory: message.mandatory ? 1 : 0, immediate: 0),
            channel: channel)
        var properties = try message.properties.persistent(in: arena)
        let count = try encode("encode a header") { space in
            amqp_encode_properties(UInt16(AMQP_BASIC_CLASS), &properties, space)
        }
        frame(AMQP_FRAME_HEADER, channel, count + 12) { bytes, scratch in
            bytes.append(bigEndian: UInt16(AMQP_BASIC_CLASS))
            bytes.append(bigEndian: UInt16(0))  // weight, unused
            bytes.append(bigEndian: UInt64(message.body.count))
            bytes.append(contentsOf: scratch[..<count])
        }
        var rest = message.body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(scratch.count)
            frame(AMQP_FRAME_BODY, channel, piece.count) { bytes, _ in bytes.append(contentsOf: piece) }
            rest = rest.dropFirst(piece.count)
        }
    }

    mutating func appendHeartbeat() {
        frame(AMQP_FRAME_HEARTBEAT, 0, 0) { _, _ in }
    }

    /// Writes what the wire takes now; true when it took something.
    mutating func write(to wire: Wire) throws(AMQPError) -> Bool {
        let start = written
        while !isEmpty {
            let count = try wire.write(bytes[written...])
            if count == 0 { break }
            written += count
        }
        let hasWritten = written > start
        if isEmpty {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.usualCapacity)
            written = 0
        }
        return hasWritten
    }

    /// Type, channel and size before the payload, one byte after it.
    private static let overhead = 8

    private mutating func frame(
        _ type: Int32, _ channel: UInt16, _ size: Int, _ payload: (inout [UInt8], [UInt8]) -> Void
    ) {
        bytes.append(UInt8(truncatingIfNeeded: type))
        bytes.append(bigEndian: channel)
        bytes.append(bigEndian: UInt32(size))
        payload(&bytes, scratch)
        bytes.append(UInt8(AMQP_FRAME_END))
    }

    /// Encodes into the scratch space, which leaves room for what stands before the arguments; returns how many bytes.
    private mutating func encode(_ operation: String, _ encode: (amqp_bytes_t) -> Int32) throws(AMQPError) -> Int {
        let count = scratch.withUnsafeMutableBytes { space in
            encode(amqp_bytes_t(len: max(0, space.count - 12), bytes: space.baseAddress))
        }
        guard count >= 0 else {
            throw AMQPError(.notEncodable, operation, replyText: String(cString: amqp_error_string2(count)))
        }
        return Int(count)
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
