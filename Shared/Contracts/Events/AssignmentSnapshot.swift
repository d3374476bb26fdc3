public import Foundation

/// One pair's work on one call, as it stands. Every assignment event carries the whole of it.
public struct AssignmentSnapshot: Codable, Sendable, Equatable {
    public var id: AssignmentID
    /// Counts this assignment's changes, from 1. The higher one holds.
    public var version: Int
    public var call: CallID
    public var callNumber: String
    /// The agency whose CAD took the call.
    public var callAgency: AgencyID
    public var episode: EpisodeID
    public var community: Community
    /// The roster's id of the officer and clinician riding together.
    public var pairing: String
    /// The pair's call sign and the agency whose CAD reports it.
    public var unit: String
    public var unitAgency: AgencyID
    public var status: AssignmentStatus
    public var mode: ResponseMode
    /// Triage's, 1 routine … 4 immediate danger.
    public var level: Int
    public var isSceneSecured: Bool
    public var offeredAt: Date
    /// An offer not answered by then moves on.
    public var expiresAt: Date
    public var acceptedAt: Date?
    public var enrouteAt: Date?
    public var stagedAt: Date?
    public var securedAt: Date?
    public var onSceneAt: Date?
    public var contactAt: Date?
    public var endedAt: Date?

    public init(
        id: AssignmentID, version: Int, call: CallID, callNumber: String, callAgency: AgencyID, episode: EpisodeID,
        community: Community, pairing: String, unit: String, unitAgency: AgencyID, status: AssignmentStatus,
        mode: ResponseMode, level: Int, isSceneSecured: Bool, offeredAt: Date, expiresAt: Date,
        acceptedAt: Date? = nil, enrouteAt: Date? = nil, stagedAt: Date? = nil, securedAt: Date? = nil,
        onSceneAt: Date? = nil, contactAt: Date? = nil, endedAt: Date? = nil
    ) {
        self.id = id
        self.version = version
        self.call = call
        self.callNumber = callNumber
        self.callAgency = callAgency
        self.episode = episode
        self.community = community
        self.pairing = pairing
        self.unit = unit
        self.unitAgency = unitAgency
        self.status = status
        self.mode = mode
        self.level = level
        self.isSceneSecured = isSceneSecured
        self.offeredAt = offeredAt
        self.expiresAt = expiresAt
        self.acceptedAt = acceptedAt
        self.enrouteAt = enrouteAt
        self.stagedAt = stagedAt
        self.securedAt = securedAt
        self.onSceneAt = onSceneAt
        self.contactAt = contactAt
        self.endedAt = endedAt
    }
}
