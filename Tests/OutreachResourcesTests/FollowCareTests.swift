import Contracts
import Foundation
import Messaging
import Testing

@testable import OutreachResources

@Suite("Following care")
struct FollowCareTests {
    let bench: CareBench

    init() throws {
        bench = CareBench(try Samples.directory())
    }

    @Test("a cleared encounter opens the episode with owner, next action and deadline, and four windows")
    func cleared() throws {
        let events = try bench.handle(.encounterCleared(Samples.cleared()))
        let episode = try #require(bench.episode)
        #expect(events.first is EpisodeOpened)
        #expect(episode.isOpen)
        #expect(episode.snapshot.owner == .clinician)
        #expect(episode.snapshot.nextAction == "Check in within 24 hours")
        #expect(episode.snapshot.deadline == Samples.now + Samples.day)
        #expect(bench.followUps.map(\.window) == ["24h", "72h", "7d", "30d"])
        #expect(bench.timers.count == 5)
        #expect(Set(bench.timers.map(\.partitionKey)) == [Samples.call.uuid])
    }

    @Test("with consent each need is referred once to the best matching service")
    func referrals() throws {
        let outcome = Samples.cleared(needs: [.detox, .food, .detox])
        let events = try bench.handle(.encounterCleared(outcome))
        #expect(bench.referrals.count == 2)
        #expect(bench.referrals.allSatisfy { $0.state == .requested })
        #expect(events.filter { $0 is ReferralUpdated }.count == 2)
        for referral in bench.referrals {
            let best = bench.state.directory.matches(
                MatchQuery(
                    need: referral.need, ageBand: .adult, language: "es", community: .beaumont,
                    legalStatus: .voluntary, at: Samples.now)
            ).first
            #expect(referral.service == best?.service.id)
        }
    }

    @Test("without a yes nobody is referred", arguments: [Fact.no, .unknown])
    func noConsent(consent: Fact) throws {
        try bench.handle(.encounterCleared(Samples.cleared(needs: [.food], consent: consent)))
        #expect(bench.referrals.isEmpty)
        #expect(bench.followUps.isEmpty == (consent == .no))
    }

    @Test("a hold is looked after even without consent")
    func hold() throws {
        try bench.handle(.encounterCleared(Samples.cleared(.hold5150, consent: .no)))
        #expect(bench.followUps.map(\.window) == ["24h", "72h"])
    }

    @Test("a need that nobody serves stays in the next action")
    func unmet() throws {
        try bench.handle(.encounterCleared(Samples.cleared(needs: [.youth])))
        #expect(bench.episode?.person.unmetNeeds == [.youth])
        #expect(bench.episode?.snapshot.nextAction.contains("find help for: youth") == true)
    }

    @Test(
        "nobody to follow up: a final next action, then the episode closes",
        arguments: [Disposition.refused, .unableToLocate, .noBehavioralHealthNexus])
    func quickClose(disposition: Disposition) throws {
        try bench.handle(.encounterCleared(Samples.cleared(disposition, needs: [.food])))
        let open = try #require(bench.episode).snapshot
        #expect(open.status == "open")
        #expect(!open.nextAction.isEmpty)
        #expect(bench.followUps.isEmpty)
        #expect(bench.referrals.isEmpty)
        #expect(try bench.handle(.episodeDeadline(Samples.episode), at: open.deadline - 1).isEmpty)
        let closed = try #require(
            try bench.handle(.episodeDeadline(Samples.episode), at: open.deadline).first as? EpisodeClosed)
        let reasons: [Disposition: String] = [.refused: "declined", .unableToLocate: "not-reached"]
        #expect(closed.episode.closedBecause == reasons[disposition] ?? "no-nexus")
    }

    @Test("a deferred call belongs to the next shift, which is told when it starts")
    func deferred() throws {
        let call = Samples.deferred()
        try bench.handle(.deferred(call))
        #expect(bench.episode?.snapshot.owner == .nextShift)
        #expect(bench.episode?.snapshot.deadline == call.nextShiftAt)
        let followUp = try #require(bench.followUps.first)
        #expect(followUp.window == "next-shift")
        let events = try bench.handle(.followUpTimer(followUp.id), at: call.nextShiftAt)
        #expect(events.first is FollowUpDue)
        #expect(bench.episode?.snapshot.deadline == followUp.expires)
    }

    @Test("a handed-off call belongs to whoever took it, with a check after 72 hours")
    func handedOff() throws {
        try bench.handle(.handedOff(Samples.handedOff()))
        #expect(bench.episode?.snapshot.owner == .mobileCrisis)
        #expect(bench.followUps.map(\.window) == ["72h"])
    }

    @Test("the next shift's encounter takes the deferred episode over")
    func deferredThenCleared() throws {
        try bench.handle(.deferred(Samples.deferred()))
        let later = Samples.now + 13 * Samples.hour
        let events = try bench.handle(.encounterCleared(Samples.cleared(at: later)), at: later)
        #expect(events.contains { ($0 as? FollowUpClosed)?.followUp.status == "reached" })
        #expect(events.contains { $0 is EpisodeUpdated })
        #expect(bench.episode?.snapshot.owner == .clinician)
        #expect(bench.episode?.snapshot.version == 2)
    }

    @Test("a late, older fact takes nobody's owner away")
    func late() throws {
        try bench.handle(.encounterCleared(Samples.cleared()))
        let before = bench.episode
        #expect(try bench.handle(.deferred(Samples.deferred(at: Samples.now - Samples.hour))).isEmpty)
        #expect(bench.episode == before)
    }

    @Test("the same message decides the same, to the byte")
    func replay() throws {
        func decide() throws -> [Data] {
            try CareBench(Samples.directory())
                .handle(.encounterCleared(Samples.cleared(needs: [.food, .benefits])))
                .map { try ContractJSON.encode($0) }
        }
        #expect(try decide() == decide())
    }

    @Test("an input is read from its event and its timer, and nothing else")
    func inputs() throws {
        let data = try ContractJSON.encode(Samples.cleared())
        guard case .encounterCleared = try FollowCare.Input(type: EncounterCleared.type, data: data) else {
            Issue.record("not read as an encounter")
            return
        }
        #expect(throws: Unreadable.self) { try FollowCare.Input(type: CallReceived.type, data: data) }
        #expect(throws: Unreadable.self) { try FollowCare.Input(timer: "tea-time", data: Data("{}".utf8)) }
        try bench.handle(.encounterCleared(Samples.cleared()))
        for timer in bench.timers {
            switch try FollowCare.Input(timer: timer.kind, data: timer.data) {
            case .followUpTimer(let id): #expect(bench.state.followUps[id] != nil)
            case .episodeDeadline(let id): #expect(id == Samples.episode)
            default: Issue.record("a timer was read as something else")
            }
        }
    }
}
