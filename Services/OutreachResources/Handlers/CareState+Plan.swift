import Contracts
import Foundation
import Messaging

extension CareState {
    func nextPlan(_ episode: EpisodeID, unmet: [Need], at now: Date) -> CarePlan? {
        .next(followUps: followUps(of: episode), referrals: referrals(of: episode), unmet: unmet, at: now)
    }

    /// After something of the episode changed: its next action and deadline follow, or, when nothing is owed any more,
    /// it closes.
    mutating func settle(_ id: EpisodeID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard var episode = episodes[id], episode.isOpen else { return [] }
        defer { episodes[id] = episode }
        guard let plan = nextPlan(id, unmet: episode.person.unmetNeeds, at: message.handledAt) else {
            episode.close(at: message.handledAt)
            return [.event(EpisodeClosed(episode: episode.snapshot))]
        }
        let before = episode.plan
        guard plan != before else { return [] }
        episode.revise(plan)
        let updated = Outgoing.event(EpisodeUpdated(episode: episode.snapshot))
        return plan.deadline == before.deadline ? [updated] : [updated, CareTimer.deadline(episode.snapshot)]
    }

    /// The deadline passed: what is owed is asked for again, and an episode that only waited for its last note closes.
    mutating func remind(_ id: EpisodeID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard let episode = episodes[id], episode.snapshot.deadline <= message.handledAt else { return [] }
        return settle(id, message)
    }
}
