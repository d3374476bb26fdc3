import Contracts
import Foundation
import Messaging

// Facts from cbat-routing that end its ownership of an episode and begin ours.

extension CareState {
    /// The pair cleared the call: whoever it names owns the episode, follow-ups open and, with consent, referrals.
    mutating func clear(_ cleared: EncounterCleared, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let outcome = cleared.outcome
        let subject = CareSubject(cleared.assignment)
        let endedAt = cleared.assignment.endedAt ?? message.handledAt
        guard isNews(endedAt, of: subject.episode) else { return [] }

        var outgoing = closeFollowUps(
            of: subject.episode, as: outcome.disposition == .unableToLocate ? .notReached : .reached)
        var person = CarePerson(
            language: outcome.language, ageBand: outcome.ageBand, legalStatus: outcome.legalStatus,
            consent: outcome.consent)
        outgoing += openFollowUps(
            outcome.followUpWindows, for: subject, owner: cleared.nextOwner, from: endedAt, message)
        for (ordinal, need) in outcome.needsToRefer.enumerated() {
            outgoing += refer(need, for: subject, &person, ordinal: ordinal, message)
        }
        let plan =
            nextPlan(subject.episode, unmet: person.unmetNeeds, at: message.handledAt)
            ?? .last(after: outcome, at: message.handledAt)
        return take(subject, cleared.nextOwner, plan, person, factAt: endedAt, message) + outgoing
    }

    /// No pair was free: the next shift owns the episode and is reminded when it starts.
    mutating func deferCall(_ call: CallDeferred, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let subject = CareSubject(
            episode: call.episode, call: call.call, agency: call.agency, community: call.community)
        guard isNews(call.at, of: call.episode) else { return [] }
        return closeFollowUps(of: call.episode, as: .expired, window: .nextShift)
            + wait(
                subject, .nextShift, owner: call.nextOwner, from: call.nextShiftAt, factAt: call.at,
                CarePerson(language: call.language, ageBand: call.ageBand), message)
    }

    /// Another responder took the call: it owns the episode, and somebody checks after 72 hours.
    mutating func handOff(_ call: CallHandedOff, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let subject = CareSubject(
            episode: call.episode, call: call.call, agency: call.agency, community: call.community)
        guard isNews(call.at, of: call.episode) else { return [] }
        return closeFollowUps(of: call.episode, as: .expired, window: .nextShift)
            + wait(
                subject, .threeDays, owner: call.nextOwner, from: call.at, factAt: call.at,
                CarePerson(language: call.language, ageBand: call.ageBand), message)
    }

    /// One window, and whoever it belongs to as owner. What an earlier encounter learned of the person is kept.
    private mutating func wait(
        _ subject: CareSubject, _ window: FollowUpWindow, owner: OwnerRole, from start: Date, factAt: Date,
        _ person: CarePerson, _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        let isWaiting = followUps(of: subject.episode).contains { $0.window == window.name && !$0.state.isClosed }
        let opened = isWaiting ? [] : openFollowUps([window], for: subject, owner: owner, from: start, message)
        let person = episodes[subject.episode]?.person ?? person
        let plan =
            nextPlan(subject.episode, unmet: person.unmetNeeds, at: message.handledAt)
            ?? CarePlan(nextAction: window.action, deadline: start + window.due)
        return take(subject, owner, plan, person, factAt: factAt, message) + opened
    }

    /// Opens the episode's row, or passes the one there is to the new owner.
    private mutating func take(
        _ subject: CareSubject, _ owner: OwnerRole, _ plan: CarePlan, _ person: CarePerson, factAt: Date,
        _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        let event: any DomainEvent
        let taken: CareEpisode
        if var episode = episodes[subject.episode] {
            let wasOpen = episode.isOpen
            episode.pass(to: owner, plan, person: person, factAt: factAt)
            taken = episode
            event = wasOpen ? EpisodeUpdated(episode: taken.snapshot) : EpisodeOpened(episode: taken.snapshot)
        } else {
            taken = .open(subject, owner: owner, plan, person: person, factAt: factAt, at: message.handledAt)
            event = EpisodeOpened(episode: taken.snapshot)
        }
        episodes[subject.episode] = taken
        return [.event(event), CareTimer.deadline(taken.snapshot)]
    }

    private func isNews(_ factAt: Date, of episode: EpisodeID) -> Bool {
        episodes[episode].map { factAt >= $0.factAt } ?? true
    }
}

extension CareSubject {
    init(_ assignment: AssignmentSnapshot) {
        self.init(
            episode: assignment.episode, call: assignment.call, agency: assignment.callAgency,
            community: assignment.community)
    }
}
