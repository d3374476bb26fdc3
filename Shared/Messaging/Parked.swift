package import AMQP
import Contracts
import Crypto
package import Foundation

/// A message set aside with its reason, for a person to look at and replay.
package struct Parked: Sendable {
    let id: UUID
    let type: String
    let partitionKey: UUID?
    let correlation: UUID?
    let traceparent: String?
    /// Nil when it was too large to keep.
    let body: Data?
    let byteCount: Int
    let sha256: String
    let code: String
    let detail: String

    package init(_ envelope: Envelope, code: String, detail: String) {
        self.init(
            id: envelope.id, type: envelope.type, partitionKey: envelope.partitionKey,
            correlation: envelope.correlation, traceparent: envelope.trace.traceparent, content: .body(envelope.data),
            code: code, detail: detail)
    }

    /// A stranger's message, whatever it says of itself. Its id is made from what arrived, so the same one is parked
    /// once and nobody can park it over another.
    package init(_ delivery: Delivery, code: String, detail: String) {
        self.init(id: nil, type: delivery.routingKey, content: delivery.content, code: code, detail: detail)
    }

    /// One of our own events that is not to be handled as it is: under its own id and type, as far as it has them, so
    /// it can be replayed.
    package init(event delivery: Delivery, code: String, detail: String) {
        let headers = delivery.properties.headers
        self.init(
            id: headers.uuid("ce-id"), type: headers["ce-type"]?.string ?? delivery.routingKey,
            partitionKey: headers.uuid("ce-partitionkey"), correlation: headers.uuid("ce-correlationid"),
            traceparent: TraceContext(traceparent: headers["traceparent"]?.string)?.traceparent,
            content: delivery.content, code: code, detail: detail)
    }

    private init(
        id: UUID?, type: String, partitionKey: UUID? = nil, correlation: UUID? = nil, traceparent: String? = nil,
        content: Delivery.Content, code: String, detail: String
    ) {
        switch content {
        case .body(let data): (body, byteCount, sha256) = (data, data.count, data.sha256)
        case .oversized(let count, let hash): (body, byteCount, sha256) = (nil, count, hash)
        }
        self.id = id ?? .v5("parked", type, sha256)
        self.type = Self.storable(type)
        self.partitionKey = partitionKey
        self.correlation = correlation
        self.traceparent = traceparent
        self.code = code
        self.detail = Self.storable(detail)
    }

    /// The database has no text with a NUL, and setting something aside must not fail.
    private static func storable(_ text: String) -> String { text.replacing("\0", with: "\u{FFFD}") }
}

extension [String: HeaderValue] {
    func uuid(_ name: String) -> UUID? { self[name]?.string.flatMap(UUID.init(uuidString:)) }
}

extension Data {
    /// Lower-case hexadecimal.
    package var sha256: String {
        SHA256.hash(data: self).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
