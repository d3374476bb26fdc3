public import Foundation

/// A past-tense fact that one service publishes and others act upon.
///
/// The type's name appears once, here: routing key, CloudEvents `type`, bindings, goldens and schemas derive from it.
public protocol DomainEvent: Codable, Sendable, Equatable {
    static var type: EventType { get }
    static var classification: DataClassification { get }

    /// Order is promised among events with the same key: the call's id for whatever belongs to a call.
    var partitionKey: UUID { get }
}
