package import Contracts
package import Foundation

/// One message as a handler sees it: read, of a known type, and stamped with the only "now" there is.
package struct Message<Body: Sendable>: Sendable {
    package let id: UUID
    package let body: Body
    /// Domain time, read once when the batch was begun and stored with what was decided.
    package let handledAt: Date
    /// What the whole story is about, usually the call; carried along in everything that follows from it.
    package let correlation: UUID?
    package let trace: TraceContext

    package init(id: UUID, body: Body, handledAt: Date, correlation: UUID?, trace: TraceContext) {
        self.id = id
        self.body = body
        self.handledAt = handledAt
        self.correlation = correlation
        self.trace = trace
    }

    /// An id for something this message brings about. The same message always gives the same ids, so a decision can be
    /// replayed to the same bytes.
    package func derivedID(_ purpose: String, _ ordinal: Int = 0) -> UUID {
        .v5("derived", id.uuidString, purpose, String(ordinal))
    }
}

/// What a handler accepts: usually an enum with a case for each event, timer and command, so that one queue keeps the
/// order across types.
package protocol HandlerInput: Sendable {
    /// Reads an event. Throws for a type it does not know; such a message is parked, never dropped.
    init(type: EventType, data: Data) throws

    /// Reads a timer that this handler set.
    init(timer kind: String, data: Data) throws

    /// Reads any message: by default an event or a timer, by its type.
    init(_ envelope: Envelope) throws
}

extension HandlerInput {
    package init(timer kind: String, data: Data) throws {
        throw Unreadable(code: "unknown-timer", detail: "No handler for a timer of kind \(kind).")
    }

    package init(_ envelope: Envelope) throws {
        if let kind = DueTimer.kind(ofType: envelope.type) {
            try self.init(timer: kind, data: envelope.data)
        } else if let type = EventType(envelope.type) {
            try self.init(type: type, data: envelope.data)
        } else {
            throw Unreadable.type(envelope.type)
        }
    }
}

/// A message that cannot be understood. Waiting does not help; it is parked at once with this as its reason.
package struct Unreadable: Error {
    package let code: String
    package let detail: String

    package init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }

    package static func type(_ type: some CustomStringConvertible) -> Self {
        Self(code: "unknown-type", detail: "Nothing here handles messages of type \(type).")
    }
}
