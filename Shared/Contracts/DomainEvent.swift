public import Foundation

/// A past-tense fact that one service publishes and others act upon.
///
/// The type's name appears once, here: routing key, CloudEvents `type`, bindings, goldens and schemas derive from it.
public protocol DomainEvent: Codable, Sendable, Equatable {
    static var type: EventType { get }
    static var classification: DataClassification { get }

    /// Order is promised among events with the same key: the call's id for whatever belongs to a call.
    var partitionKey: UUID { get }

    /// What the story is about, where this event begins one: the call, for whatever belongs to a call.
    var correlation: UUID? { get }
}

extension DomainEvent {
    public var correlation: UUID? { partitionKey }
}
