import Contracts
import Foundation
import Messaging
import Testing

@testable import OutreachResources

@Suite("Nobody drops out")
struct UnansweredTests {
    let bench: CareBench

    init() throws {
        bench = CareBench(try Samples.directory())
    }

    @Test("when the last window runs out unanswered, somebody is asked every day to decide who tries again")
    func unreached() throws {
        let last = try letEveryWindowPass()
        let asked = try #require(bench.episode).snapshot
        #expect(asked.status == "open")
        #expect(asked.nextAction == "Nobody reached the person: decide who tries again")
        #expect(asked.owner == .clinician)
        #expect(asked.deadline == last + Samples.day)
        for day in 1...3 {
            let events = try bench.handle(.episodeDeadline(Samples.episode), at: last + Double(day) * Samples.day)
            #expect(events.map { $0 is EpisodeUpdated } == [true])
            #expect(bench.episode?.snapshot.deadline == last + Double(day + 1) * Samples.day)
            #expect(bench.timers.last?.due == bench.episode?.snapshot.deadline)
        }
    }

    @Test(
        "a late attempt still counts: reaching the person ends it, three failures end it too",
        arguments: [
            ([AttemptOutcome.reached], "reached"), ([.notReached, .wrongContact, .notReached], "not-reached"),
            ([.notReached, .declined], "declined"), ([.deceased], "deceased"),
        ])
    func late(outcomes: [AttemptOutcome], reason: String) throws {
        let last = try letEveryWindowPass()
        let followUp = try #require(bench.followUps.last).id
        for outcome in outcomes {
            #expect(bench.episode?.isOpen == true)
            try bench.handle(.command(.recordAttempt(followUp, outcome, by: "clinician-1")), at: last + 60)
        }
        #expect(bench.episode?.snapshot.closedBecause == reason)
    }

    @Test("a supervisor's decision holds until the next one, and is asked for again when overdue")
    func assigned() throws {
        let last = try letEveryWindowPass()
        let deadline = last + 2 * Samples.hour
        try bench.handle(assign("Visit at home", by: deadline), at: last)
        #expect(bench.episode?.snapshot.nextAction == "Visit at home")
        #expect(bench.episode?.snapshot.owner == .outreachOfficer)
        try bench.handle(.episodeDeadline(Samples.episode), at: deadline)
        #expect(bench.episode?.snapshot.nextAction == "Visit at home: overdue")
        let events = try bench.handle(
            .command(.closeEpisode(Samples.episode, because: .otherCare)), at: deadline + 60)
        #expect((events.last as? EpisodeClosed)?.episode.closedBecause == "other-care")
        let refusal = #expect(throws: Refusal.self) {
            try bench.handle(assign("Again", by: deadline + Samples.day), at: deadline + 90)
        }
        #expect(refusal?.code == "episode-closed")
    }

    @Test("closing an episode ends its windows and referrals")
    func closing() throws {
        try bench.handle(.encounterCleared(Samples.cleared(needs: [.food])))
        try bench.handle(.command(.closeEpisode(Samples.episode, because: .declined)))
        #expect(bench.followUps.map(\.status) == Array(repeating: "declined", count: 4))
        #expect(bench.referrals.map(\.status) == ["cancelled"])
        #expect(bench.referrals.map(\.statusReason) == ["declined"])
    }

    @Test("a deadline is ahead and not out of sight", arguments: [-1, 0, 91 * 24 * 3600.0])
    func deadlines(seconds: TimeInterval) throws {
        try bench.handle(.encounterCleared(Samples.cleared()))
        let refusal = #expect(throws: Refusal.self) {
            try bench.handle(assign("Visit", by: Samples.now + seconds))
        }
        #expect(refusal?.code == "impossible-deadline")
    }

    @Test("a need nobody serves keeps the episode open, and is tried again until a service is found")
    func unmet() throws {
        try bench.handle(.encounterCleared(Samples.cleared(needs: [.youth])))
        try bench.handle(.command(.recordAttempt(bench.followUps[0].id, .declined, by: "x")))
        let open = try #require(bench.episode).snapshot
        #expect(open.nextAction == "Find help for: youth")
        #expect(open.deadline == Samples.now + Samples.day)
        try bench.handle(.episodeDeadline(Samples.episode), at: open.deadline)
        #expect(bench.episode?.snapshot.deadline == open.deadline + Samples.day)
        bench.state.episodes[Samples.episode]?.person.ageBand = .youth
        let found = try bench.handle(.episodeDeadline(Samples.episode), at: open.deadline + Samples.day)
        #expect(found.contains { ($0 as? ReferralUpdated)?.referral.need == .youth })
        #expect(bench.episode?.person.unmetNeeds == [])
        #expect(bench.episode?.snapshot.nextAction == "Ask where the youth referral stands")
    }

    @Test(
        "needs told at a follow-up lead to a referral, or to a next action where consent is missing",
        arguments: [
            ([Need.food], Fact.yes, nil), ([.food], .unknown, "Ask the person for consent to refer for: food"),
            ([.food, .benefits], .no, "Give the person the numbers to call for: benefits, food"),
            ([], nil, "Ask what the person needs, and whether to refer"),
        ] as [([Need], Fact?, String?)])
    func needs(needs: [Need], consent: Fact?, action: String?) throws {
        try bench.handle(.encounterCleared(Samples.cleared()))
        let told = PersonTold(needs: needs, consent: consent)
        try bench.handle(
            .command(.recordAttempt(bench.followUps[0].id, .reachedWithNeeds, told, by: "x")), at: Samples.now)
        #expect(bench.referrals.map(\.need) == (action == nil ? needs : []))
        #expect(bench.episode?.snapshot.nextAction == action ?? "Ask where the food referral stands")
        try bench.handle(.command(.recordAttempt(bench.followUps[1].id, .reached, by: "x")))
        #expect(bench.episode?.task == nil)
    }

    @Test(
        "who only took the call does not come back: the clinician reaches the person again",
        arguments: [
            (OwnerRole.patrol, OwnerRole.clinician), (.medical, .clinician), (.crisisLine, .clinician),
            (.mobileCrisis, .mobileCrisis),
        ])
    func owners(taker: OwnerRole, caller: OwnerRole) throws {
        try bench.handle(.handedOff(Samples.handedOff(to: taker)))
        #expect(bench.followUps.map(\.owner) == [caller])
        #expect(bench.episode?.snapshot.owner == taker)
        try bench.handle(.followUpTimer(bench.followUps[0].id), at: bench.followUps[0].due)
        #expect(bench.episode?.snapshot.owner == caller)
        let later = bench.followUps[0].due + 60
        try bench.handle(.handedOff(Samples.handedOff(at: later, to: taker)), at: later)
        #expect(bench.episode?.snapshot.owner == taker)
    }

    /// Returns when the last one expired.
    private func letEveryWindowPass() throws -> Date {
        try bench.handle(.encounterCleared(Samples.cleared()))
        for followUp in bench.followUps {
            try bench.handle(.followUpTimer(followUp.id), at: followUp.due)
            try bench.handle(.followUpTimer(followUp.id), at: followUp.expires)
        }
        return try #require(bench.followUps.last).expires
    }

    private func assign(_ action: String, by deadline: Date) -> FollowCare.Input {
        .command(.assignEpisode(Samples.episode, action: action, to: .outreachOfficer, by: deadline))
    }
}
