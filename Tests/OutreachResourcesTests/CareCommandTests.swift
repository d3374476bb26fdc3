import Contracts
import Foundation
import Messaging
import Testing

@testable import OutreachResources

@Suite("What people tell")
struct CareCommandTests {
    let bench: CareBench

    init() throws {
        bench = CareBench(try Samples.directory())
        try bench.handle(.encounterCleared(Samples.cleared(needs: [.detox])))
    }

    @Test("reaching the person closes the window and moves the next action on")
    func reached() throws {
        let first = bench.followUps[0]
        let events = try bench.handle(attempt(first, .reached), at: first.due)
        #expect(events.contains { ($0 as? FollowUpClosed)?.followUp.status == "reached" })
        #expect(bench.episode?.snapshot.deadline == Samples.now + 48 * Samples.hour)
        #expect(bench.state.attempts.map(\.by) == ["clinician-1"])
    }

    @Test("whoever declines is not asked again")
    func declined() throws {
        try bench.handle(attempt(bench.followUps[0], .declined), at: bench.followUps[0].due)
        #expect(bench.followUps.allSatisfy { $0.status == "declined" })
        #expect(bench.episode?.isOpen == true)
    }

    @Test("the episode closes when no follow-up and no referral is open any more")
    func closes() throws {
        try bench.handle(attempt(bench.followUps[0], .declined), at: bench.followUps[0].due)
        let referral = try #require(bench.referrals.first).id
        let steps: [(ReferralStatus, ReferralVoice)] = [
            (.accepted, .receiver), (.inProgress, .receiver), (.completed, .person),
        ]
        for (status, voice) in steps {
            #expect(bench.episode?.isOpen == true)
            try bench.handle(move(referral, status, voice), at: Samples.now + 2 * Samples.day)
        }
        #expect(bench.episode?.isOpen == false)
        #expect(bench.episode?.snapshot.closedAt == Samples.now + 2 * Samples.day)
        #expect(bench.episode?.snapshot.closedBecause == "helped")
    }

    @Test("when a service says no the next best one is asked, and a full one is remembered")
    func nextBest() throws {
        let first = try #require(bench.referrals.first)
        try bench.handle(move(first.id, .rejected, .receiver, "no-capacity"))
        let second = try #require(bench.referrals.first { $0.isOpen })
        #expect(second.service != first.service)
        #expect(bench.state.observations.map(\.service) == [first.service])
        try bench.handle(move(second.id, .rejected, .receiver))
        #expect(bench.referrals.allSatisfy { !$0.isOpen })
        #expect(bench.episode?.person.unmetNeeds == [.detox])
    }

    @Test("an unanswered referral is asked about again and again until somebody answers")
    func noAnswer() throws {
        try bench.handle(attempt(bench.followUps[0], .declined), at: Samples.now)
        for _ in 1...3 {
            let deadline = try #require(bench.episode).snapshot.deadline
            let events = try bench.handle(.episodeDeadline(Samples.episode), at: deadline)
            #expect(events.contains { $0 is EpisodeUpdated })
            #expect(try #require(bench.episode).snapshot.deadline > deadline)
        }
        #expect(bench.episode?.snapshot.nextAction.contains("no answer yet") == true)
    }

    @Test("every window expires by itself, and the episode never lacks an action", arguments: [true, false])
    func nobodyDoesAnything(isReferred: Bool) throws {
        let bench = CareBench(try Samples.directory())
        try bench.handle(.encounterCleared(Samples.cleared(needs: isReferred ? [.detox] : [])))
        for followUp in bench.followUps {
            try bench.handle(.followUpTimer(followUp.id), at: followUp.due)
            #expect(try #require(bench.episode).snapshot.deadline > followUp.due)
            try bench.handle(.followUpTimer(followUp.id), at: followUp.expires)
        }
        #expect(bench.followUps.allSatisfy { $0.status == "expired" })
        #expect(bench.episode?.isOpen == true)
    }

    @Test(
        "what cannot be is refused with a reason",
        arguments: [
            (FollowCare.Command.recordAttempt(FollowUpID(.v5("none")), .reached, by: "x"), "unknown-follow-up"),
            (.moveReferral(ReferralID(.v5("none")), to: .accepted, by: .receiver, reason: nil), "unknown-referral"),
            (
                .observeCapacity(.init(service: .v5("none"), count: 1, source: "x", observedAt: Samples.now)),
                "unknown-service"
            ),
        ])
    func unknown(command: FollowCare.Command, code: String) throws {
        let refusal = #expect(throws: Refusal.self) { try bench.handle(.command(command)) }
        #expect(refusal?.code == code)
    }

    @Test("an illegal step says which ones are possible")
    func illegal() throws {
        let referral = try #require(bench.referrals.first).id
        let refusal = #expect(throws: Refusal.self) { try bench.handle(move(referral, .completed, .receiver)) }
        #expect(refusal?.code == "illegal-transition")
        #expect(refusal?.detail.contains("accepted, cancelled, entered-in-error, rejected") == true)
    }

    private func attempt(_ followUp: FollowUpSnapshot, _ outcome: AttemptOutcome) -> FollowCare.Input {
        .command(.recordAttempt(followUp.id, outcome, by: "clinician-1"))
    }

    private func move(
        _ referral: ReferralID, _ status: ReferralStatus, _ voice: ReferralVoice, _ reason: String? = nil
    ) -> FollowCare.Input {
        .command(.moveReferral(referral, to: status, by: voice, reason: reason))
    }
}
