import Contracts
import Foundation
import Messaging

extension CareState {
    mutating func openFollowUps(
        _ windows: [FollowUpWindow], for subject: CareSubject, owner: OwnerRole, from start: Date,
        _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        windows.enumerated().flatMap { ordinal, window -> [Outgoing] in
            let id = FollowUpID(message.derivedID("follow-up", ordinal))
            let followUp = window.opened(id, for: subject, owner: owner, from: start)
            followUps[id] = followUp
            return [.event(FollowUpOpened(followUp: followUp)), CareTimer.due(followUp)]
        }
    }

    /// Closes what is still open of an episode, or of one window of it.
    mutating func closeFollowUps(
        of episode: EpisodeID, as status: FollowUpStatus, window: FollowUpWindow? = nil
    ) -> [Outgoing] {
        followUps(of: episode)
            .filter { !$0.state.isClosed && (window == nil || $0.window == window?.name) }
            .flatMap { open -> [Outgoing] in
                var followUp = open
                followUp.state = status
                return close(followUp)
            }
    }

    /// A window's time has come: due, or over.
    mutating func advance(_ id: FollowUpID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard var followUp = followUps[id], followUp.advance(to: message.handledAt) else { return [] }
        followUps[id] = followUp
        let told =
            followUp.state.isClosed
            ? close(followUp)
            : [.event(FollowUpDue(followUp: followUp)), CareTimer.expiry(followUp)]
        return told + settle(followUp.episode, message)
    }

    /// Somebody tried to reach the person. Whoever declines is not asked again in the later windows.
    mutating func recordAttempt(
        _ id: FollowUpID, _ outcome: AttemptOutcome, by: String, _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        guard var followUp = followUps[id] else {
            throw .refused("unknown-follow-up", "There is no follow-up \(id).")
        }
        do {
            try followUp.record(outcome, at: message.handledAt)
        } catch {
            switch error {
            case .closed(let status):
                throw .refused("follow-up-closed", "The follow-up is already closed as \(status).")
            case .tooEarly(let date):
                throw .refused(
                    "too-early",
                    "The window opens at \(ContractJSON.timestamp(date)); a failed attempt counts from then.")
            }
        }
        followUps[id] = followUp
        attempts.append(
            Attempt(
                id: message.derivedID("attempt"), followUp: id, outcome: outcome, by: by, at: message.handledAt))

        var outgoing = followUp.state.isClosed ? close(followUp) : []
        switch outcome {
        case .declined:
            outgoing += closeFollowUps(of: followUp.episode, as: .declined)
        case .deceased:
            outgoing += closeFollowUps(of: followUp.episode, as: .notReached)
            outgoing += cancelReferrals(of: followUp.episode, because: "deceased", message)
        case .reached, .reachedWithNeeds, .notReached, .wrongContact: break
        }
        return outgoing + settle(followUp.episode, message)
    }

    private mutating func close(_ followUp: FollowUpSnapshot) -> [Outgoing] {
        followUps[followUp.id] = followUp
        return [.event(FollowUpClosed(followUp: followUp))] + CareTimer.cancel(followUp)
    }
}
