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
        guard followUp.state.isClosed else {
            return [.event(FollowUpDue(followUp: followUp)), CareTimer.expiry(followUp)]
                + settle(followUp.episode, message)
        }
        let told = close(followUp)
        if var episode = episodes[followUp.episode], episode.isOpen, episode.task == nil,
            followUps(of: episode.id).allSatisfy(\.state.isClosed)
        {
            episode.task = .unreached(at: message.handledAt)
            episodes[episode.id] = episode
        }
        return told + settle(followUp.episode, message)
    }

    /// Somebody tried to reach the person. Whoever declines is not asked again in the later windows, and what the person
    /// needs is seen to.
    mutating func recordAttempt(
        _ id: FollowUpID, _ outcome: AttemptOutcome, _ told: PersonTold = PersonTold(), by: String,
        _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        guard var followUp = followUps[id] else {
            throw .refused("unknown-follow-up", "There is no follow-up \(id).")
        }
        guard var episode = episodes[followUp.episode], episode.isOpen else {
            throw .refused("follow-up-closed", "The episode is closed; so is the follow-up.")
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
        let isSettled = followUp.state.isClosed && followUp.state != .expired
        if isSettled {
            episode.closesAs = outcome.closesAs
            if episode.task?.endsWithContact == true { episode.task = nil }
        }
        switch outcome {
        case .declined:
            outgoing += closeFollowUps(of: followUp.episode, as: .declined)
        case .deceased:
            outgoing += closeFollowUps(of: followUp.episode, as: .notReached)
            outgoing += cancelReferrals(of: followUp.episode, because: "deceased", message)
            episode.person.unmetNeeds = []
            if episode.task?.kind != .answering { episode.task = nil }
        case .reachedWithNeeds:
            outgoing += see(to: told, of: &episode, followUp.owner, message)
        case .reached, .notReached, .wrongContact: break
        }
        episodes[episode.id] = episode
        return outgoing + settle(followUp.episode, message)
    }

    /// With consent each need is referred; what cannot be becomes somebody's next action.
    private mutating func see(
        to told: PersonTold, of episode: inout CareEpisode, _ owner: OwnerRole, _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        episode.person.consent = told.consent ?? episode.person.consent
        if episode.person.consent == .yes, !told.needs.isEmpty {
            return refer(told.needs, for: episode.subject, &episode.person, message)
        }
        if episode.task == nil {
            episode.task = .meet(
                told.needs, consent: episode.person.consent, owner: owner, at: message.handledAt)
        } else if episode.person.consent != .no {
            episode.person.unmetNeeds += told.needs.filter { !episode.person.unmetNeeds.contains($0) }
        }
        return []
    }

    private mutating func close(_ followUp: FollowUpSnapshot) -> [Outgoing] {
        followUps[followUp.id] = followUp
        return [.event(FollowUpClosed(followUp: followUp))] + CareTimer.cancel(followUp)
    }
}

/// What a person who was reached said of needs and consent; nothing where nobody asked.
struct PersonTold: Sendable, Equatable {
    var needs: [Need] = []
    var consent: Fact?
}
