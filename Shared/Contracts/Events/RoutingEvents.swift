public import Foundation

/// The pair cleared the call. Names who answers for the person from here.
public struct EncounterCleared: DomainEvent {
    public static let type = EventType(.cbatRouting, "encounter", "cleared")
    public static let classification = DataClassification.health

    public var assignment: AssignmentSnapshot
    public var outcome: EncounterOutcome
    /// Minutes of the clinician from en route to clear, for the community's ledger.
    public var clinicianMinutes: Int
    public var nextOwner: OwnerRole

    public var partitionKey: UUID { assignment.call.uuid }

    public init(
        assignment: AssignmentSnapshot, outcome: EncounterOutcome, clinicianMinutes: Int, nextOwner: OwnerRole
    ) {
        self.assignment = assignment
        self.outcome = outcome
        self.clinicianMinutes = clinicianMinutes
        self.nextOwner = nextOwner
    }
}

/// No pair can take the call now; the next shift owns it.
public struct CallDeferred: DomainEvent {
    public static let type = EventType(.cbatRouting, "call", "deferred")
    public static let classification = DataClassification.criminalJustice

    public var call: CallID
    public var agency: AgencyID
    public var episode: EpisodeID
    public var community: Community
    public var level: Int
    public var language: String?
    public var ageBand: AgeBand?
    public var reason: String
    /// When the shift that will own it starts.
    public var nextShiftAt: Date
    public var nextOwner: OwnerRole
    public var at: Date

    public var partitionKey: UUID { call.uuid }

    public init(
        call: CallID, agency: AgencyID, episode: EpisodeID, community: Community, level: Int,
        language: String? = nil, ageBand: AgeBand? = nil, reason: String, nextShiftAt: Date, nextOwner: OwnerRole,
        at: Date
    ) {
        self.call = call
        self.agency = agency
        self.episode = episode
        self.community = community
        self.level = level
        self.language = language
        self.ageBand = ageBand
        self.reason = reason
        self.nextShiftAt = nextShiftAt
        self.nextOwner = nextOwner
        self.at = at
    }
}

/// CBAT does not take the call; another responder owns it.
public struct CallHandedOff: DomainEvent {
    public static let type = EventType(.cbatRouting, "call", "handed-off")
    public static let classification = DataClassification.criminalJustice

    public var call: CallID
    public var agency: AgencyID
    public var episode: EpisodeID
    public var community: Community
    public var level: Int
    public var language: String?
    public var ageBand: AgeBand?
    public var reason: String
    public var nextOwner: OwnerRole
    public var at: Date

    public var partitionKey: UUID { call.uuid }

    public init(
        call: CallID, agency: AgencyID, episode: EpisodeID, community: Community, level: Int,
        language: String? = nil, ageBand: AgeBand? = nil, reason: String, nextOwner: OwnerRole, at: Date
    ) {
        self.call = call
        self.agency = agency
        self.episode = episode
        self.community = community
        self.level = level
        self.language = language
        self.ageBand = ageBand
        self.reason = reason
        self.nextOwner = nextOwner
        self.at = at
    }
}

/// A probable duplicate joined the assignment already open for the other call; no second pair was drawn.
public struct CallJoined: DomainEvent {
    public static let type = EventType(.cbatRouting, "call", "joined")
    public static let classification = DataClassification.criminalJustice

    public var call: CallID
    public var agency: AgencyID
    /// The call that already has the assignment.
    public var joined: CallID
    public var assignment: AssignmentID?
    public var at: Date

    public var partitionKey: UUID { call.uuid }

    public init(call: CallID, agency: AgencyID, joined: CallID, assignment: AssignmentID? = nil, at: Date) {
        self.call = call
        self.agency = agency
        self.joined = joined
        self.assignment = assignment
        self.at = at
    }
}
