import Crypto
import Foundation

/// Puts together the frames of one message: what it is, its header, the pieces of its body.
struct ContentAssembler {
    enum Envelope {
        case delivery(tag: UInt64, redelivered: Bool, exchange: String, routingKey: String)
        case returned(Rejection, exchange: String, routingKey: String)
    }

    /// A message whose last frame has come.
    struct Message {
        let envelope: Envelope
        let properties: MessageProperties
        let content: Delivery.Content
    }

    /// Longer bodies are hashed and counted, not kept.
    let maximumBodySize: Int
    private var envelope: Envelope?
    private var body: Body?

    init(maximumBodySize: Int) {
        self.maximumBodySize = maximumBodySize
    }

    mutating func begin(_ envelope: Envelope) throws(AMQPError) {
        guard self.envelope == nil else { throw Self.violation("a message within a message") }
        self.envelope = envelope
    }

    mutating func header(bodySize: UInt64, _ properties: MessageProperties) throws(AMQPError) -> Message? {
        guard envelope != nil, body == nil else { throw Self.violation("a header without a message") }
        body = Body(properties: properties, size: bodySize, isKept: bodySize <= UInt64(max(0, maximumBodySize)))
        return finishedMessage()
    }

    mutating func body(_ piece: Data) throws(AMQPError) -> Message? {
        guard let missing = body?.missing, UInt64(piece.count) <= missing else {
            throw Self.violation("a body without a header, or longer than announced")
        }
        body?.append(piece)
        return finishedMessage()
    }

    private mutating func finishedMessage() -> Message? {
        guard let envelope, let body, body.missing == 0 else { return nil }
        self.envelope = nil
        self.body = nil
        return Message(envelope: envelope, properties: body.properties, content: body.content)
    }

    private struct Body {
        let properties: MessageProperties
        let size: UInt64
        private(set) var missing: UInt64
        private var kept: Data?
        private var hash = SHA256()

        init(properties: MessageProperties, size: UInt64, isKept: Bool) {
            self.properties = properties
            self.size = size
            missing = size
            kept = isKept ? Data() : nil
        }

        mutating func append(_ piece: Data) {
            missing -= UInt64(piece.count)
            if kept == nil {
                hash.update(data: piece)
            } else if kept?.isEmpty == true {
                kept = piece  // most bodies are one frame
            } else {
                kept?.append(piece)
            }
        }

        var content: Delivery.Content {
            if let kept { return .body(kept) }
            let digest = hash.finalize().map { byte in
                let digits = String(byte, radix: 16)
                return byte < 16 ? "0" + digits : digits
            }
            return .oversized(byteCount: Int(clamping: size), sha256: digest.joined())
        }
    }

    private static func violation(_ text: String) -> AMQPError {
        AMQPError(.protocolViolation, "read", replyText: text)
    }
}
