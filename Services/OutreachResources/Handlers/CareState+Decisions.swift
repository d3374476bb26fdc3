import Contracts
import Foundation
import Messaging

// What a supervisor decides about an episode.

extension CareState {
    /// Ends the episode with all that belongs to it. Nobody is left waiting for an answer of ours.
    mutating func closeEpisode(
        _ id: EpisodeID, because reason: ClosingReason, _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        var episode = try decidable(id, at: message.handledAt)
        var outgoing = closeFollowUps(of: id, as: reason.ofFollowUps)
        outgoing += cancelReferrals(of: id, because: reason.rawValue, message)
        episode.close(because: reason, at: message.handledAt)
        episodes[id] = episode
        return outgoing + [.event(EpisodeClosed(episode: episode.snapshot))]
    }

    /// Gives the episode another owner with something to do, which holds until the next decision.
    mutating func assign(
        _ id: EpisodeID, _ action: String, to owner: OwnerRole, by deadline: Date, _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        try check(deadline, at: message.handledAt)
        var episode = try decidable(id, at: message.handledAt)
        let task = CareTask(kind: .assigned, action: action, owner: owner, deadline: deadline)
        guard task != episode.task else { return [] }
        episode.task = task
        episode.revise(CarePlan(nextAction: action, deadline: deadline, owner: owner))
        episodes[id] = episode
        return [.event(EpisodeUpdated(episode: episode.snapshot)), CareTimer.deadline(episode.snapshot)]
    }

    /// While CBAT is answering, routing alone decides: there are never two owners.
    private func decidable(_ id: EpisodeID, at now: Date) throws(Refusal) -> CareEpisode {
        guard let episode = episodes[id] else { throw .refused("unknown-episode", "There is no episode \(id).") }
        guard episode.isOpen else {
            throw .refused("episode-closed", "The episode is closed: \(episode.snapshot.closedBecause ?? "done").")
        }
        if let task = episode.task, task.kind == .answering, task.deadline > now {
            throw .refused("cbat-is-answering", "CBAT has taken the call up and answers for the person.")
        }
        return episode
    }
}

/// Whatever somebody has to do is to be done soon enough to be remembered, and not yesterday.
func check(_ deadline: Date, at now: Date) throws(Refusal) {
    guard deadline > now, deadline <= now + CarePlan.farthest else {
        throw .refused("impossible-deadline", "The deadline must be ahead, within 90 days.")
    }
}
