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
        id = envelope.id
        type = envelope.type
        partitionKey = envelope.partitionKey
        correlation = envelope.correlation
        traceparent = envelope.trace.traceparent
        body = envelope.data
        byteCount = envelope.data.count
        sha256 = envelope.data.sha256
        self.code = code
        self.detail = detail
    }

    /// A message without a usable id or content; its id is made from what arrived, so the same one is parked once.
    package init(type: String, body: Data?, byteCount: Int, sha256: String, code: String, detail: String) {
        id = .v5("parked", type, sha256)
        self.type = type
        partitionKey = nil
        correlation = nil
        traceparent = nil
        self.body = body
        self.byteCount = byteCount
        self.sha256 = sha256
        self.code = code
        self.detail = detail
    }
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
