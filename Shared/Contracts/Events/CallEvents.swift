public import Foundation

/// A call that intake had not seen before.
public struct CallReceived: DomainEvent {
    public static let type = EventType(.intake, "call", "received")
    public static let classification = DataClassification.criminalJustice
    public var call: CallSnapshot
    public var partitionKey: UUID { call.id.uuid }
    public init(call: CallSnapshot) { self.call = call }
}

/// A newer version of a call that is active: still, or again after its CAD had closed or cancelled it.
public struct CallUpdated: DomainEvent {
    public static let type = EventType(.intake, "call", "updated")
    public static let classification = DataClassification.criminalJustice
    public var call: CallSnapshot
    public var partitionKey: UUID { call.id.uuid }
    public init(call: CallSnapshot) { self.call = call }
}

/// The CAD closed or cancelled the call.
public struct CallClosed: DomainEvent {
    public static let type = EventType(.intake, "call", "closed")
    public static let classification = DataClassification.criminalJustice
    public var call: CallSnapshot
    public var partitionKey: UUID { call.id.uuid }
    public init(call: CallSnapshot) { self.call = call }
}
