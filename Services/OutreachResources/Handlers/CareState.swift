import Contracts
import Foundation
import Messaging

/// What a batch touches: the episodes with all that belongs to them, the cases and problems of its places.
struct CareState: Sendable {
    let directory: Directory
    /// The latest observation of each service.
    var capacity: [UUID: CapacityObservation] = [:]
    var episodes = Tracked<EpisodeID, CareEpisode>()
    var followUps = Tracked<FollowUpID, FollowUpSnapshot>()
    var referrals = Tracked<ReferralID, ReferralSnapshot>()
    var cases = Tracked<CaseID, CaseFile>()
    var problems = Tracked<ProblemID, ProblemSnapshot>()
    var triaged = Tracked<CallID, TriagedCall>()
    /// To be added to the log of attempts and to the observations.
    var attempts: [Attempt] = []
    var observations: [CapacityObservation] = []

    /// The highest triage decision seen of a call, for a lower one that arrives late changes nothing, and whose call it is.
    struct TriagedCall: Sendable, Equatable {
        let decision: Int
        let agency: AgencyID
    }

    struct Attempt: Sendable, Equatable {
        let id: UUID
        let followUp: FollowUpID
        let outcome: AttemptOutcome
        let by: String
        let at: Date
    }

    init(directory: Directory) {
        self.directory = directory
    }

    func followUps(of episode: EpisodeID) -> [FollowUpSnapshot] {
        followUps.all.filter { $0.episode == episode }
    }

    func referrals(of episode: EpisodeID) -> [ReferralSnapshot] {
        referrals.all.filter { $0.episode == episode }
    }

    mutating func observe(_ observation: CapacityObservation) {
        observations.append(observation)
        if let known = capacity[observation.service], known.observedAt > observation.observedAt { return }
        capacity[observation.service] = observation
    }
}
