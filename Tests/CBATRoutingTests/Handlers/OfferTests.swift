import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("Routing triaged calls")
struct OfferTests {
    @Test("a call for CBAT is offered to the best pair, with a reason and a deadline")
    func offer() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        let offered = try desk.triage(call).first(AssignmentOffered.self)
        #expect(offered.assignment.unit == "CBAT1")
        #expect(offered.assignment.unitAgency == "beaumont-pd")
        #expect(offered.assignment.episode == EpisodeID(call: call.call))
        #expect(offered.assignment.expiresAt == desk.now.addingTimeInterval(120))
        #expect(offered.travelMinutes == 7)
        #expect(offered.reason.contains("next CBAT2"))
        #expect(desk.timers.values.map(\.due) == [offered.assignment.expiresAt])
        let decision = try #require(desk.lastDecision)
        #expect(decision.choice?.chosen?.pairing == "beaumont")
        #expect(decision.choice?.runnerUp?.pairing == "banning")
        #expect(decision.rosterHash == desk.state.roster.hash)
    }

    @Test("a call that is another program's, or not active, is no concern of ours")
    func notOurs() throws {
        var desk = try Desk()
        #expect(try desk.triage(Samples.triaged("1", programs: [(.patrol, 90), (.cbat, 20)])).isEmpty)
        #expect(try desk.triage(Samples.triaged("2", status: .closed)).isEmpty)
        #expect(try desk.triage(Samples.triaged("3", programs: [(.businessLiaison, 60), (.patrol, 20)])).isEmpty)
        #expect(desk.state.changes.decisions.isEmpty)
    }

    @Test("an older or repeated decision of triage changes nothing")
    func stale() throws {
        var desk = try Desk()
        let call = Samples.triaged("1", decision: 2)
        try desk.triage(call)
        #expect(try desk.triage(call).isEmpty)
        #expect(try desk.triage(Samples.triaged("1", decision: 1, status: .closed)).isEmpty)
        #expect(try desk.assignment(call).status == .offered)
    }

    @Test("the same message always decides the same, ids included")
    func replay() throws {
        var first = try Desk()
        var second = try Desk()
        let call = Samples.triaged("1", language: "es")
        let (a, b) = (try first.triage(call), try second.triage(call))
        #expect(try a.first(AssignmentOffered.self) == b.first(AssignmentOffered.self))
        #expect(first.state.changes.decisions == second.state.changes.decisions)
    }

    @Test("an offer that is declined or not answered moves on until nobody is left")
    func movesOn() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        #expect(try desk.unit("CBAT1", .declined, call: call.call).facts == ["declined", "offered"])
        #expect(try desk.assignment(call).snapshot.unit == "CBAT2")
        #expect(desk.timers.count == 1)
        #expect(try desk.wait(119).isEmpty)
        #expect(try desk.wait(1).facts == ["expired", "offered"])
        #expect(try desk.assignment(call).snapshot.unit == "CBAT3")
        let end = try desk.wait(120)
        #expect(end.facts == ["expired", "deferred"])
        let deferred = try end.first(CallDeferred.self)
        #expect(deferred.nextOwner == .nextShift)
        #expect(deferred.nextShiftAt == (try Samples.time("2026-11-05 07:00")))
        #expect(deferred.reason == "Every free pair declined or did not answer.")
        #expect(try desk.call(call).owner == .nextShift)
        #expect(desk.timers.isEmpty)
    }

    @Test("an answer stops the clock")
    func answered() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        let offer = try desk.assignment(call).id
        #expect(try desk.unit("CBAT1", .accepted).facts == ["accepted"])
        #expect(desk.timers[OfferExpired.timerID(offer)] == nil)
        #expect(try desk.handle(.offerExpired(OfferExpired(assignment: offer, call: call.call))).isEmpty)
        #expect(try desk.assignment(call).status == .accepted)
    }

    @Test(
        "when nobody rides the call is the next shift's, mobile crisis' or patrol's",
        arguments: [
            (2, ResponseMode.alternative, "deferred", OwnerRole.nextShift),
            (3, .simultaneous, "handed-off", .mobileCrisis),
            (4, .simultaneous, "handed-off", .patrol), (3, .deferred, "deferred", .nextShift),
        ])
    func nobody(_ level: Int, _ mode: ResponseMode, _ fact: String, _ owner: OwnerRole) throws {
        var desk = try Desk("2026-11-04 03:00")
        let call = Samples.triaged("1", level: level, mode: mode)
        #expect(try desk.triage(call).facts == [fact])
        #expect(try desk.call(call).owner == owner)
        #expect(desk.lastDecision?.reason == "No pair is on shift.")
        #expect(desk.lastDecision?.choice?.setAside.count == 3)
    }

    @Test("a call that may wait is answered now when a pair is free")
    func mayWait() throws {
        var desk = try Desk()
        let call = Samples.triaged("1", level: 1, mode: .deferred)
        let offered = try desk.triage(call).first(AssignmentOffered.self)
        #expect(offered.assignment.mode == .alternative)
    }

    @Test("a transferred call is handed off at once although a pair is free")
    func transfer() throws {
        var desk = try Desk()
        let handed = try desk.triage(Samples.triaged("1", level: 3, mode: .transfer)).first(CallHandedOff.self)
        #expect(handed.nextOwner == .mobileCrisis)
    }

    @Test("a pair is offered one call at a time, and one person is never on two")
    func busy() throws {
        var desk = try Desk()
        var units: [String] = []
        for number in 1...3 {
            units.append(try desk.triage(Samples.triaged("\(number)")).first(AssignmentOffered.self).assignment.unit)
        }
        #expect(Set(units) == ["CBAT1", "CBAT2", "CBAT3"])
        let fourth = try desk.triage(Samples.triaged("4", level: 3)).first(CallHandedOff.self)
        #expect(fourth.reason == "Every pair on shift is busy.")
    }

    @Test("a pair whose clinician still works past another shift's end is not offered a call")
    func sharedClinician() throws {
        let text = try Samples.rosterText()
            .replacing("clinician: clinician-specimen", with: "clinician: clinician-sample")
            .replacing("days: [wed, thu, fri], from: \"14:00\"", with: "days: [wed], from: \"17:00\"")
            .replacing("days: [tue, wed, thu, fri], from: \"10:00\"", with: "days: [tue], from: \"10:00\"")
        var desk = try Desk("2026-11-04 16:30", roster: Roster.load(yaml: text))
        let first = Samples.triaged("1")
        try desk.triage(first)
        try desk.unit("CBAT1", .enroute)
        desk.now += 3600
        let second = Samples.triaged("2", community: .cabazon, level: 3)
        #expect(try desk.triage(second).facts == ["handed-off"])
        #expect(desk.lastDecision?.choice?.setAside.contains(SetAside(pairing: "cabazon", reason: .busy)) == true)
    }

    @Test("an off-duty or self-initiated unit is not offered a call")
    func unavailable() throws {
        var desk = try Desk()
        try desk.unit("CBAT1", .outOfService)
        try desk.unit("CBAT2", .onScene, call: CallID(agency: "banning-pd", number: "own"))
        #expect(try desk.triage(Samples.triaged("1")).first(AssignmentOffered.self).assignment.unit == "CBAT3")
        try desk.unit("CBAT1", .available, at: desk.now + 1)
        #expect(try desk.triage(Samples.triaged("2")).first(AssignmentOffered.self).assignment.unit == "CBAT1")
    }

    @Test("a pair on its way to a call it lost is free, and one that stands there is not")
    func afterCancelling() throws {
        var desk = try Desk()
        let lost = Samples.triaged("1")
        try desk.triage(lost)
        try desk.unit("CBAT1", .accepted, call: lost.call)
        try desk.triage(Samples.triaged("1", decision: 2, status: .closed))
        try desk.unit("CBAT1", .enroute, call: lost.call, at: desk.now + 5)
        try desk.triage(Samples.triaged("2"))
        #expect(desk.lastDecision?.choice?.chosen?.pairing == "beaumont")
        try desk.triage(Samples.triaged("2", decision: 2, status: .closed))
        try desk.unit("CBAT1", .contact, call: lost.call, at: desk.now + 10)
        try desk.triage(Samples.triaged("3"))
        #expect(desk.lastDecision?.choice?.setAside == [SetAside(pairing: "beaumont", reason: .busy)])
    }

    @Test("a closed road is taken into account from when it is said")
    func closure() throws {
        var desk = try Desk()
        try desk.handle(.closure(ClosureCommand(closed: ["i10-banning-cabazon"], reason: "Crash", by: "test")))
        try desk.unit("CBAT3", .outOfService)
        let call = Samples.triaged("1", community: .cabazon, level: 3)
        #expect(try desk.triage(call).first(CallHandedOff.self).reason == "The closed road cuts off every free pair.")
        #expect(desk.lastDecision?.closedLegs == ["i10-banning-cabazon"])
        #expect(throws: Refusal.self) {
            try desk.handle(.closure(ClosureCommand(closed: ["route-66"], reason: "", by: "test")))
        }
    }

    @Test("a pair taken out of service loses the offer it has not answered")
    func exception() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        let out = RosterException(
            id: .v5("exception"), kind: .outOfService, pairing: "beaumont", substitute: nil,
            span: Span(start: desk.now, end: desk.now + 7200), reason: "Vehicle", madeBy: "test")
        #expect(try desk.handle(.exception(out)).facts == ["cancelled", "offered"])
        #expect(try desk.assignment(call).snapshot.unit == "CBAT2")
        let unknown = RosterException(
            id: .v5("other"), kind: .outOfService, pairing: "nobody", substitute: nil, span: out.span, reason: "",
            madeBy: "test")
        #expect(throws: Refusal.refused("unknown-pairing", "The roster has no pairing nobody.")) {
            try desk.handle(.exception(unknown))
        }
    }
}
