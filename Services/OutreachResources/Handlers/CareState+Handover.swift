import Contracts
import Foundation
import Messaging

// Facts from cbat-routing that end its ownership of an episode and begin ours, or take it back.

extension CareState {
    /// The pair cleared the call: whoever it names owns the episode, follow-ups open and, with consent, referrals.
    mutating func clear(_ cleared: EncounterCleared, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let outcome = cleared.outcome
        let subject = CareSubject(cleared.assignment)
        let endedAt = cleared.assignment.endedAt ?? message.handledAt
        // A CAD's clock may run behind ours, but no pair clears a call before it was offered.
        let factAt = max(endedAt, cleared.assignment.offeredAt)
        guard isNews(factAt, of: subject.episode) else { return [] }

        var outgoing = closeFollowUps(
            of: subject.episode, as: outcome.disposition == .unableToLocate ? .notReached : .reached)
        var person = CarePerson(
            language: outcome.language, ageBand: outcome.ageBand, legalStatus: outcome.legalStatus,
            consent: outcome.consent,
            unmetNeeds: outcome.consent == .no ? [] : episodes[subject.episode]?.person.unmetNeeds ?? [])
        outgoing += openFollowUps(
            outcome.followUpWindows, for: subject, owner: cleared.nextOwner, from: endedAt, message)
        outgoing += refer(outcome.needsToRefer, for: subject, &person, message)
        let plan =
            nextPlan(subject.episode, unmet: person.unmetNeeds, at: message.handledAt)
            ?? .last(after: outcome, at: message.handledAt)
        return take(subject, cleared.nextOwner, plan, person, closesAs: outcome.closesAs, factAt: factAt, message)
            + outgoing
    }

    /// Routing took the call up again: it answers for the person until it says what came of it.
    mutating func answer(_ offer: AssignmentOffered, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let assignment = offer.assignment
        guard var episode = episodes[assignment.episode], episode.isOpen,
            isNews(assignment.offeredAt, of: assignment.episode)
        else { return [] }
        let closed = closeFollowUps(of: episode.id, as: .expired, window: .nextShift)
        let task = CareTask.answering(offerUntil: assignment.expiresAt)
        episode.pass(
            to: task.owner, task.plan(at: message.handledAt, after: nil), person: episode.person,
            closesAs: episode.closesAs, factAt: assignment.offeredAt)
        episode.task = task
        episodes[episode.id] = episode
        return [.event(EpisodeUpdated(episode: episode.snapshot)), CareTimer.deadline(episode.snapshot)] + closed
    }

    /// The call is part of another one, whose episode goes on. Help that was already asked for here is seen to its end.
    mutating func join(_ call: CallJoined, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let id = EpisodeID(call: call.call)
        guard var episode = episodes[id], episode.isOpen, isNews(call.at, of: id) else { return [] }
        let closed = closeFollowUps(of: id, as: .expired)
        defer { episodes[id] = episode }
        guard let plan = nextPlan(id, unmet: episode.person.unmetNeeds, at: message.handledAt) else {
            episode.close(because: .joined, at: message.handledAt, factAt: call.at)
            return closed + [.event(EpisodeClosed(episode: episode.snapshot))]
        }
        episode.pass(
            to: episode.snapshot.owner.ofFollowUps, plan, person: episode.person, closesAs: .joined, factAt: call.at)
        return closed + [.event(EpisodeUpdated(episode: episode.snapshot)), CareTimer.deadline(episode.snapshot)]
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
        return take(subject, owner, plan, person, closesAs: .notReached, factAt: factAt, message) + opened
    }

    /// Opens the episode's row, or passes the one there is to the new owner.
    private mutating func take(
        _ subject: CareSubject, _ owner: OwnerRole, _ plan: CarePlan, _ person: CarePerson, closesAs: ClosingReason,
        factAt: Date, _ message: Message<FollowCare.Input>
    ) -> [Outgoing] {
        let event: any DomainEvent
        let taken: CareEpisode
        if var episode = episodes[subject.episode] {
            let wasOpen = episode.isOpen
            episode.pass(
                to: owner, plan, person: person, closesAs: closesAs, factAt: factAt, from: subject.responders)
            taken = episode
            event = wasOpen ? EpisodeUpdated(episode: taken.snapshot) : EpisodeOpened(episode: taken.snapshot)
        } else {
            taken = .open(
                subject, owner: owner, plan, person: person, closesAs: closesAs, factAt: factAt,
                at: message.handledAt)
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
            community: assignment.community, responders: [assignment.unitAgency])
    }
}
