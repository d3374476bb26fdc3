public import Foundation

/// A person's care: exactly one owner, one next action and one deadline while it is open.
public struct EpisodeSnapshot: Codable, Sendable, Equatable {
    public var id: EpisodeID
    /// Counts this episode's changes, from 1. The higher one holds.
    public var version: Int
    public var call: CallID
    public var agency: AgencyID
    public var community: Community
    /// `open` or `closed`.
    public var status: String
    public var owner: OwnerRole
    public var nextAction: String
    public var deadline: Date
    public var openedAt: Date
    public var closedAt: Date?
    /// `reached`, `helped`, `declined`, `not-reached`, `no-nexus`, `joined` (another call's episode goes on), `deceased`,
    /// `other-care`, `no-service` or `entered-in-error`. Absent while it is open, and in older messages.
    public var closedBecause: String?

    public init(
        id: EpisodeID, version: Int, call: CallID, agency: AgencyID, community: Community, status: String,
        owner: OwnerRole, nextAction: String, deadline: Date, openedAt: Date, closedAt: Date? = nil,
        closedBecause: String? = nil
    ) {
        self.id = id
        self.version = version
        self.call = call
        self.agency = agency
        self.community = community
        self.status = status
        self.owner = owner
        self.nextAction = nextAction
        self.deadline = deadline
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.closedBecause = closedBecause
    }
}

/// A person's care passed to outreach: the episode has its owner, next action and deadline.
public struct EpisodeOpened: DomainEvent {
    public static let type = EventType(.outreachResources, "episode", "opened")
    public static let classification = DataClassification.health
    public var episode: EpisodeSnapshot
    public var partitionKey: UUID { episode.call.uuid }
    public init(episode: EpisodeSnapshot) { self.episode = episode }
}

/// Owner, next action or deadline changed.
public struct EpisodeUpdated: DomainEvent {
    public static let type = EventType(.outreachResources, "episode", "updated")
    public static let classification = DataClassification.health
    public var episode: EpisodeSnapshot
    public var partitionKey: UUID { episode.call.uuid }
    public init(episode: EpisodeSnapshot) { self.episode = episode }
}

/// Nothing remains to be done for the episode.
public struct EpisodeClosed: DomainEvent {
    public static let type = EventType(.outreachResources, "episode", "closed")
    public static let classification = DataClassification.health
    public var episode: EpisodeSnapshot
    public var partitionKey: UUID { episode.call.uuid }
    public init(episode: EpisodeSnapshot) { self.episode = episode }
}
