import Contracts
import Foundation
import Messaging
import Testing

@testable import OutreachResources

@Suite("A call that routing takes up again")
struct TakenBackTests {
    let bench: CareBench
    let later = Samples.now + Samples.hour

    init() throws {
        bench = CareBench(try Samples.directory())
        try bench.handle(.deferred(Samples.deferred()))
    }

    @Test("has one owner, routing, until routing says what came of it")
    func answering() throws {
        let events = try bench.handle(.offered(Samples.offered(at: later)), at: later)
        let episode = try #require(bench.episode).snapshot
        #expect(events.contains { $0 is EpisodeUpdated })
        #expect(episode.owner == .cbatRouting)
        #expect(episode.nextAction == "CBAT is answering the call")
        #expect(episode.deadline == later + 120 + 12 * Samples.hour)
        #expect(bench.followUps.map(\.status) == ["expired"])
        for command in [
            FollowCare.Command.closeEpisode(Samples.episode, because: .reached),
            .assignEpisode(Samples.episode, action: "Visit", to: .clinician, by: later + Samples.day),
        ] {
            let refusal = #expect(throws: Refusal.self) { try bench.handle(.command(command), at: later) }
            #expect(refusal?.code == "cbat-is-answering")
        }
    }

    @Test("passes to whoever the next fact names, also when a CAD's clock runs behind", arguments: [0, -7200.0])
    func cleared(lag: TimeInterval) throws {
        try bench.handle(.offered(Samples.offered(at: later)), at: later)
        let cleared = Samples.cleared(at: later + 60 + lag, offeredAt: later)
        try bench.handle(.encounterCleared(cleared), at: later + 60)
        #expect(bench.episode?.snapshot.owner == .clinician)
        #expect(bench.episode?.snapshot.nextAction == "Check in within 24 hours")
        #expect(bench.episode?.task == nil)
    }

    @Test("goes back to the next shift or to another responder like the first time")
    func backAgain() throws {
        try bench.handle(.offered(Samples.offered(at: later)), at: later)
        try bench.handle(.deferred(Samples.deferred(at: later + 60)), at: later + 60)
        #expect(bench.episode?.snapshot.owner == .nextShift)
        try bench.handle(.offered(Samples.offered(at: later + 90)), at: later + 90)
        try bench.handle(.handedOff(Samples.handedOff(at: later + 120)), at: later + 120)
        #expect(bench.episode?.snapshot.owner == .mobileCrisis)
        #expect(bench.followUps.filter { !$0.state.isClosed }.map(\.window) == ["72h"])
    }

    @Test("a window that comes due meanwhile does not take the call from routing")
    func meanwhile() throws {
        try bench.handle(.handedOff(Samples.handedOff(at: later)), at: later)
        let check = try #require(bench.followUps.first { $0.window == "72h" })
        try bench.handle(.offered(Samples.offered(at: check.due - 60)), at: check.due - 60)
        #expect(try bench.handle(.followUpTimer(check.id), at: check.due).map { $0 is FollowUpDue } == [true])
        #expect(bench.episode?.snapshot.owner == .cbatRouting)
    }

    @Test("of which nothing more is heard is asked about every day")
    func silence() throws {
        try bench.handle(.offered(Samples.offered(at: later)), at: later)
        let deadline = try #require(bench.episode).snapshot.deadline
        try bench.handle(.episodeDeadline(Samples.episode), at: deadline)
        #expect(bench.episode?.snapshot.nextAction == "Ask CBAT what came of the call")
        #expect(bench.episode?.snapshot.deadline == deadline + Samples.day)
        try bench.handle(.command(.closeEpisode(Samples.episode, because: .reached)), at: deadline + 60)
        #expect(bench.episode?.isOpen == false)
    }

    @Test("an offer that arrives after what came of it, or for a closed episode, changes nothing")
    func late() throws {
        let before = bench.episode
        #expect(try bench.handle(.offered(Samples.offered(at: Samples.now - 60))).isEmpty)
        #expect(bench.episode == before)
        try bench.handle(.command(.closeEpisode(Samples.episode, because: .reached)))
        #expect(try bench.handle(.offered(Samples.offered(at: later)), at: later).isEmpty)
    }

    @Test("a call that joined another one has no episode of its own any more, and an older fact does not reopen it")
    func joined() throws {
        let events = try bench.handle(.joined(Samples.joined(at: later)), at: later)
        #expect((events.last as? EpisodeClosed)?.episode.closedBecause == "joined")
        #expect(bench.followUps.map(\.status) == ["expired"])
        #expect(try bench.handle(.deferred(Samples.deferred(at: later - 60)), at: later).isEmpty)
        #expect(try bench.handle(.joined(Samples.joined(at: later + 60)), at: later + 60).isEmpty)
        try bench.handle(.handedOff(Samples.handedOff(at: later + 60)), at: later + 60)
        #expect(bench.episode?.isOpen == true)
        #expect(bench.episode?.snapshot.closedBecause == nil)
    }

    @Test("a joined call's referral is seen to its end")
    func joinedWithReferral() throws {
        try bench.handle(.encounterCleared(Samples.cleared(needs: [.food], at: later)), at: later)
        try bench.handle(.joined(Samples.joined(at: later + 60)), at: later + 60)
        #expect(bench.episode?.snapshot.nextAction == "Ask where the food referral stands")
    }

    @Test("an offer and a joining are read from their events")
    func inputs() throws {
        let offered = try ContractJSON.encode(Samples.offered())
        guard case .offered = try FollowCare.Input(type: AssignmentOffered.type, data: offered) else {
            Issue.record("not read as an offer")
            return
        }
        let joined = try ContractJSON.encode(Samples.joined())
        guard case .joined = try FollowCare.Input(type: CallJoined.type, data: joined) else {
            Issue.record("not read as a joining")
            return
        }
    }
}
