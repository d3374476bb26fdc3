public import Foundation

/// A time window in which somebody must reach the person again.
public struct FollowUpSnapshot: Codable, Sendable, Equatable {
    public var id: FollowUpID
    public var episode: EpisodeID
    public var call: CallID
    public var agency: AgencyID
    public var community: Community
    /// `24h`, `72h`, `7d` or `30d` after the encounter; `next-shift` for a deferred call.
    public var window: String
    public var owner: OwnerRole
    /// The window: not sooner than `notBefore`, by `due`, pointless after `expires`.
    public var notBefore: Date
    public var due: Date
    public var expires: Date
    /// `open`, `due`, `reached`, `not-reached`, `declined`, `expired`.
    public var status: String
    /// How often somebody tried to reach the person.
    public var attempts: Int

    public init(
        id: FollowUpID, episode: EpisodeID, call: CallID, agency: AgencyID, community: Community, window: String,
        owner: OwnerRole, notBefore: Date, due: Date, expires: Date, status: String, attempts: Int
    ) {
        self.id = id
        self.episode = episode
        self.call = call
        self.agency = agency
        self.community = community
        self.window = window
        self.owner = owner
        self.notBefore = notBefore
        self.due = due
        self.expires = expires
        self.status = status
        self.attempts = attempts
    }
}

/// A follow-up window was opened.
public struct FollowUpOpened: DomainEvent {
    public static let type = EventType(.outreachResources, "follow-up", "opened")
    public static let classification = DataClassification.health
    public var followUp: FollowUpSnapshot
    public var partitionKey: UUID { followUp.call.uuid }
    public init(followUp: FollowUpSnapshot) { self.followUp = followUp }
}

/// A follow-up is due now.
public struct FollowUpDue: DomainEvent {
    public static let type = EventType(.outreachResources, "follow-up", "due")
    public static let classification = DataClassification.health
    public var followUp: FollowUpSnapshot
    public var partitionKey: UUID { followUp.call.uuid }
    public init(followUp: FollowUpSnapshot) { self.followUp = followUp }
}

/// A follow-up ended, reached or not.
public struct FollowUpClosed: DomainEvent {
    public static let type = EventType(.outreachResources, "follow-up", "closed")
    public static let classification = DataClassification.health
    public var followUp: FollowUpSnapshot
    public var partitionKey: UUID { followUp.call.uuid }
    public init(followUp: FollowUpSnapshot) { self.followUp = followUp }
}
