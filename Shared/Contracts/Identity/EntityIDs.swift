/// Keeps ``PlaceID`` apart from other ids.
public enum Place {}

/// Keeps ``EpisodeID`` apart from other ids.
public enum Episode {}

public typealias CallID = Identifier<CallSnapshot>
public typealias PlaceID = Identifier<Place>
public typealias AssignmentID = Identifier<AssignmentSnapshot>
public typealias EpisodeID = Identifier<Episode>
public typealias FollowUpID = Identifier<FollowUpSnapshot>
public typealias ReferralID = Identifier<ReferralSnapshot>
public typealias CaseID = Identifier<CaseSnapshot>
public typealias ProblemID = Identifier<ProblemSnapshot>

extension CallID {
    /// The id of a call is derived from the agency and the number that agency's CAD gave it, so every replica,
    /// every transport (JSON, EIDO, HTTP) and the CAD itself arrive at the same one: ``Foundation/UUID/v5(_:)`` of
    /// `call`, the agency and the number.
    public init(agency: AgencyID, number: String) {
        self.init(.v5("call", agency.rawValue, number))
    }
}

extension EpisodeID {
    /// One episode of care a call.
    public init(call: CallID) {
        self.init(.v5("episode", call.description))
    }
}

extension PlaceID {
    /// Calls to the same address in the same community meet at one place, however the dispatcher spaced or cased it.
    public init(community: Community, address: String) {
        let words = address.lowercased().split { !$0.isLetter && !$0.isNumber }
        self.init(.v5("place", community.rawValue, words.joined(separator: " ")))
    }
}
