import Contracts
import Foundation
import Messaging

extension CareState {
    func nextPlan(
        _ episode: EpisodeID, _ task: CareTask? = nil, unmet: [Need], after current: CarePlan? = nil, at now: Date
    ) -> CarePlan? {
        .next(
            task, followUps: followUps(of: episode), referrals: referrals(of: episode), unmet: unmet, after: current,
            at: now)
    }

    /// After something of the episode changed: its next action and deadline follow, or, when nothing is owed any more,
    /// it closes.
    mutating func settle(_ id: EpisodeID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard var episode = episodes[id], episode.isOpen else { return [] }
        defer { episodes[id] = episode }
        let before = episode.plan
        guard
            var plan = nextPlan(
                id, episode.task, unmet: episode.person.unmetNeeds, after: before, at: message.handledAt)
        else {
            episode.close(because: episode.closesAs, at: message.handledAt)
            return [.event(EpisodeClosed(episode: episode.snapshot))]
        }
        plan.owner = plan.owner ?? before.owner
        guard plan != before else { return [] }
        episode.revise(plan)
        let updated = Outgoing.event(EpisodeUpdated(episode: episode.snapshot))
        return plan.deadline == before.deadline ? [updated] : [updated, CareTimer.deadline(episode.snapshot)]
    }

    /// The deadline passed: what is owed is asked for again, needs that nobody served are tried again in the directory
    /// of today, and an episode that only waited for its last note closes.
    mutating func remind(_ id: EpisodeID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard var episode = episodes[id], episode.isOpen, episode.snapshot.deadline <= message.handledAt else {
            return []
        }
        let referred =
            episode.person.consent == .yes
            ? refer(episode.person.unmetNeeds, for: episode.subject, &episode.person, message) : []
        episodes[id] = episode
        return referred + settle(id, message)
    }
}
