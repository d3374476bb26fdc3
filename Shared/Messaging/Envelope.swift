package import AMQP
package import Contracts
import Crypto
package import Foundation

/// A message before its content is understood: CloudEvents attributes and bytes.
///
/// On the wire it is CloudEvents 1.0.2 in binary mode, as AMQP 0-9-1 headers with the `ce-` prefix.
package struct Envelope: Sendable {
    package let id: UUID
    package let type: String
    package let data: Data
    package let partitionKey: UUID?
    package let correlation: UUID?
    package let causation: UUID?
    package let time: Date?
    package let classification: DataClassification?
    package let trace: TraceContext

    package init(
        id: UUID, type: String, data: Data, partitionKey: UUID? = nil, correlation: UUID? = nil,
        causation: UUID? = nil, time: Date? = nil, classification: DataClassification? = nil,
        trace: TraceContext = .root()
    ) {
        self.id = id
        self.type = type
        self.data = data
        self.partitionKey = partitionKey
        self.correlation = correlation
        self.causation = causation
        self.time = time
        self.classification = classification
        self.trace = trace
    }

    /// Reads one of our own events from the broker.
    ///
    /// - Throws: ``Unreadable`` when the attributes that CloudEvents requires are missing or not ours, when the id's
    ///   time is outside what the inbox can tell apart, or when the content was too large to keep.
    package init(_ delivery: Delivery, now: Date) throws(Unreadable) {
        let headers = delivery.properties.headers
        guard let text = headers["ce-id"]?.string ?? delivery.properties.messageID, let id = UUID(uuidString: text)
        else { throw Unreadable(code: "no-id", detail: "The message has no ce-id that is a UUID.") }
        guard let type = headers["ce-type"]?.string else {
            throw Unreadable(code: "no-type", detail: "The message has no ce-type.")
        }
        guard EventType(type) != nil else { throw Unreadable.type(type) }
        guard let made = id.v7Time else {
            throw Unreadable(code: "no-id", detail: "The ce-id is not a UUID of version 7.")
        }
        guard made < now.addingTimeInterval(Self.futureLimit) else {
            throw Unreadable(code: "clock", detail: "The message's id is from the future; check the sender's clock.")
        }
        guard made > now.addingTimeInterval(-Self.dedupeHorizon) else {
            throw Unreadable(code: "too-old", detail: "The message is older than the inbox remembers.")
        }
        guard case .body(let data) = delivery.content else {
            throw Unreadable(code: "too-large", detail: "The message is larger than 256 KiB.")
        }
        self.init(
            id: id, type: type, data: data,
            partitionKey: headers.uuid("ce-partitionkey"), correlation: headers.uuid("ce-correlationid"),
            causation: headers.uuid("ce-causationid"),
            time: headers["ce-time"]?.string.flatMap(ContractJSON.date),
            classification: headers["ce-dataclassification"]?.string.map(DataClassification.init(rawValue:)),
            trace: TraceContext(traceparent: headers["traceparent"]?.string) ?? .root())
    }

    /// Older messages cannot be told from duplicates and are parked, never applied.
    package static let dedupeDays = 14
    static let dedupeHorizon = TimeInterval(dedupeDays * 86400)
    static let futureLimit: TimeInterval = 3600
}
