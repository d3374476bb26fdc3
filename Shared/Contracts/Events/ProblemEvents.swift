public import Foundation

/// A SARA problem: scanning, analysis, response, assessment.
public struct ProblemSnapshot: Codable, Sendable, Equatable {
    public var id: ProblemID
    public var place: PlaceID
    public var community: Community
    public var program: Program
    /// `scanning`, `analysis`, `response`, `assessment` or `closed`.
    public var stage: String
    public var owner: OwnerRole
    public var calls: [CallID]
    public var nextAction: String
    public var deadline: Date
    public var openedAt: Date
    /// The agencies whose calls it is made of: it is the record of each of them. Absent in older messages.
    public var agencies: [AgencyID]?
    /// Why it was closed, in the officer's words.
    public var closedBecause: String?

    public init(
        id: ProblemID, place: PlaceID, community: Community, program: Program, stage: String, owner: OwnerRole,
        calls: [CallID], nextAction: String, deadline: Date, openedAt: Date, agencies: [AgencyID]? = nil,
        closedBecause: String? = nil
    ) {
        self.id = id
        self.place = place
        self.community = community
        self.program = program
        self.stage = stage
        self.owner = owner
        self.calls = calls
        self.nextAction = nextAction
        self.deadline = deadline
        self.openedAt = openedAt
        self.agencies = agencies
        self.closedBecause = closedBecause
    }
}

/// A place that keeps calling: a candidate for problem solving (SARA's scanning).
public struct ProblemDetected: DomainEvent {
    public static let type = EventType(.triage, "problem", "detected")
    public static let classification = DataClassification.criminalJustice

    public var place: PlaceID
    public var community: Community
    public var placeType: PlaceType
    public var address: String?
    /// Calls at the place within the window, the latest included.
    public var calls: [CallID]
    public var windowDays: Int
    /// The program that most of those calls were ranked for.
    public var program: Program
    public var detectedAt: Date

    public var partitionKey: UUID { place.uuid }

    public init(
        place: PlaceID, community: Community, placeType: PlaceType, address: String?, calls: [CallID],
        windowDays: Int, program: Program, detectedAt: Date
    ) {
        self.place = place
        self.community = community
        self.placeType = placeType
        self.address = address
        self.calls = calls
        self.windowDays = windowDays
        self.program = program
        self.detectedAt = detectedAt
    }
}

/// A repeat place became a problem to solve.
public struct ProblemOpened: DomainEvent {
    public static let type = EventType(.outreachResources, "problem", "opened")
    public static let classification = DataClassification.criminalJustice
    public var problem: ProblemSnapshot
    public var partitionKey: UUID { problem.id.uuid }
    public init(problem: ProblemSnapshot) { self.problem = problem }
}

/// A problem's stage, next action or deadline changed, more calls came, or its deadline passed with nothing done.
public struct ProblemUpdated: DomainEvent {
    public static let type = EventType(.outreachResources, "problem", "updated")
    public static let classification = DataClassification.criminalJustice
    public var problem: ProblemSnapshot
    public var partitionKey: UUID { problem.id.uuid }
    public init(problem: ProblemSnapshot) { self.problem = problem }
}
