public import Foundation

/// A referral and where it stands, in the states of FHIR's Task (`draft` … `completed`); the field's other words are
/// `statusReason`. Completed only when the receiving side or the person says so.
public struct ReferralSnapshot: Codable, Sendable, Equatable {
    public var id: ReferralID
    /// Counts this referral's changes, from 1. The higher one holds.
    public var version: Int
    public var episode: EpisodeID
    public var call: CallID
    public var agency: AgencyID
    public var community: Community
    public var need: Need
    /// The directory's id of the service referred to.
    public var service: UUID
    /// `draft`, `requested`, `accepted`, `rejected`, `cancelled`, `in-progress`, `on-hold`, `failed`, `completed` or
    /// `entered-in-error`.
    public var status: String
    public var statusReason: String?
    public var updatedAt: Date

    public init(
        id: ReferralID, version: Int, episode: EpisodeID, call: CallID, agency: AgencyID, community: Community,
        need: Need, service: UUID, status: String, statusReason: String? = nil, updatedAt: Date
    ) {
        self.id = id
        self.version = version
        self.episode = episode
        self.call = call
        self.agency = agency
        self.community = community
        self.need = need
        self.service = service
        self.status = status
        self.statusReason = statusReason
        self.updatedAt = updatedAt
    }
}

/// A referral was made or changed state.
public struct ReferralUpdated: DomainEvent {
    public static let type = EventType(.outreachResources, "referral", "updated")
    public static let classification = DataClassification.health
    public var referral: ReferralSnapshot
    public var partitionKey: UUID { referral.call.uuid }
    public init(referral: ReferralSnapshot) { self.referral = referral }
}
