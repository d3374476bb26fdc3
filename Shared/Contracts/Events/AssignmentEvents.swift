public import Foundation

/// The call was offered to a pair, which has until `assignment.expiresAt` to answer.
public struct AssignmentOffered: DomainEvent {
    public static let type = EventType(.cbatRouting, "assignment", "offered")
    public static let classification = DataClassification.criminalJustice

    public var assignment: AssignmentSnapshot
    /// Minutes of travel that the choice was based on.
    public var travelMinutes: Int
    /// Why this pair and not the runner-up.
    public var reason: String

    public var partitionKey: UUID { assignment.call.uuid }

    public init(assignment: AssignmentSnapshot, travelMinutes: Int, reason: String) {
        self.assignment = assignment
        self.travelMinutes = travelMinutes
        self.reason = reason
    }
}

/// The pair took the call.
public struct AssignmentAccepted: DomainEvent {
    public static let type = EventType(.cbatRouting, "assignment", "accepted")
    public static let classification = DataClassification.criminalJustice
    public var assignment: AssignmentSnapshot
    public var partitionKey: UUID { assignment.call.uuid }
    public init(assignment: AssignmentSnapshot) { self.assignment = assignment }
}

/// The pair said no; the offer moves on.
public struct AssignmentDeclined: DomainEvent {
    public static let type = EventType(.cbatRouting, "assignment", "declined")
    public static let classification = DataClassification.criminalJustice

    public var assignment: AssignmentSnapshot
    public var reason: String

    public var partitionKey: UUID { assignment.call.uuid }

    public init(assignment: AssignmentSnapshot, reason: String) {
        self.assignment = assignment
        self.reason = reason
    }
}

/// Nobody answered the offer in time; it moves on.
public struct AssignmentExpired: DomainEvent {
    public static let type = EventType(.cbatRouting, "assignment", "expired")
    public static let classification = DataClassification.criminalJustice
    public var assignment: AssignmentSnapshot
    public var partitionKey: UUID { assignment.call.uuid }
    public init(assignment: AssignmentSnapshot) { self.assignment = assignment }
}

/// The pair is en route, staged, on scene or with the person, or the scene was secured.
public struct AssignmentProgressed: DomainEvent {
    public static let type = EventType(.cbatRouting, "assignment", "progressed")
    public static let classification = DataClassification.criminalJustice
    public var assignment: AssignmentSnapshot
    public var partitionKey: UUID { assignment.call.uuid }
    public init(assignment: AssignmentSnapshot) { self.assignment = assignment }
}

/// The assignment ended before contact: the call was closed or cancelled, or officer safety took the pair away.
public struct AssignmentCancelled: DomainEvent {
    public static let type = EventType(.cbatRouting, "assignment", "cancelled")
    public static let classification = DataClassification.criminalJustice

    public var assignment: AssignmentSnapshot
    public var reason: String

    public var partitionKey: UUID { assignment.call.uuid }

    public init(assignment: AssignmentSnapshot, reason: String) {
        self.assignment = assignment
        self.reason = reason
    }
}
