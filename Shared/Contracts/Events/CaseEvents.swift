public import Foundation

/// Casework of one officer: homeless outreach, business liaison or school resource.
public struct CaseSnapshot: Codable, Sendable, Equatable {
    public var id: CaseID
    public var program: Program
    public var community: Community
    public var place: PlaceID?
    public var owner: OwnerRole
    public var calls: [CallID]
    public var status: String
    public var nextAction: String
    public var deadline: Date
    public var openedAt: Date
    /// The agencies whose calls it is made of: it is the record of each of them. Absent in older messages.
    public var agencies: [AgencyID]?
    /// Why it was closed, in the officer's words.
    public var closedBecause: String?

    public init(
        id: CaseID, program: Program, community: Community, place: PlaceID? = nil, owner: OwnerRole,
        calls: [CallID], status: String, nextAction: String, deadline: Date, openedAt: Date,
        agencies: [AgencyID]? = nil, closedBecause: String? = nil
    ) {
        self.id = id
        self.program = program
        self.community = community
        self.place = place
        self.owner = owner
        self.calls = calls
        self.status = status
        self.nextAction = nextAction
        self.deadline = deadline
        self.openedAt = openedAt
        self.agencies = agencies
        self.closedBecause = closedBecause
    }
}

/// A case was opened for an officer.
public struct CaseOpened: DomainEvent {
    public static let type = EventType(.outreachResources, "case", "opened")
    public static let classification = DataClassification.criminalJustice
    public var `case`: CaseSnapshot
    public var partitionKey: UUID { `case`.id.uuid }
    public init(`case`: CaseSnapshot) { self.`case` = `case` }
}

/// Another call joined an open case.
public struct CaseJoined: DomainEvent {
    public static let type = EventType(.outreachResources, "case", "joined")
    public static let classification = DataClassification.criminalJustice

    public var `case`: CaseSnapshot
    public var call: CallID

    public var partitionKey: UUID { `case`.id.uuid }

    public init(`case`: CaseSnapshot, call: CallID) {
        self.`case` = `case`
        self.call = call
    }
}

/// A case's next action or deadline changed, it was closed, or its deadline passed with nothing done.
public struct CaseUpdated: DomainEvent {
    public static let type = EventType(.outreachResources, "case", "updated")
    public static let classification = DataClassification.criminalJustice
    public var `case`: CaseSnapshot
    public var partitionKey: UUID { `case`.id.uuid }
    public init(`case`: CaseSnapshot) { self.`case` = `case` }
}
