import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("When a pair says nothing more")
struct SilenceTests {
    let roster: Roster
    let call = Samples.triaged("1")

    init() throws { roster = try Samples.roster(silenceMinutes: 15) }

    @Test(
        "before contact the next pair is sent", arguments: [UnitStatus.accepted, .enroute, .staged, .onScene])
    func beforeContact(_ status: UnitStatus) throws {
        var desk = try Desk(roster: roster)
        try desk.triage(call)
        try desk.unit("CBAT1", status)
        #expect(try desk.wait(899).isEmpty)
        let events = try desk.wait(1)
        #expect(events.facts == ["cancelled", "offered"])
        #expect(try events.first(AssignmentCancelled.self).reason == "No word from the pair.")
        #expect(try events.first(AssignmentOffered.self).assignment.unit == "CBAT2")
    }

    @Test("each step gives it its time anew")
    func renewed() throws {
        var desk = try Desk(roster: roster)
        try desk.triage(call)
        for status in [UnitStatus.accepted, .enroute, .staged, .onScene] {
            try desk.unit("CBAT1", status)
            #expect(try desk.wait(800).isEmpty)
        }
        #expect(try desk.wait(100).facts == ["cancelled", "offered"])
    }

    @Test("without another pair somebody else answers")
    func nobodyElse() throws {
        var desk = try Desk("\(Samples.wednesday) 08:00", roster: roster)  // only CBAT1 rides
        try desk.triage(Samples.triaged("1", level: 3))
        try desk.unit("CBAT1", .accepted)
        #expect(try desk.wait(900).facts == ["cancelled", "handed-off"])
        #expect(try desk.call(call).owner == .mobileCrisis)
    }

    @Test("with the person, or once it is over, nothing is waited for")
    func withPerson() throws {
        var desk = try Desk(roster: roster)
        try desk.triage(call)
        try desk.unit("CBAT1", .contact)
        #expect(desk.timers.isEmpty)
        let id = try desk.assignment(call).id
        let late = PairSilent(assignment: id, call: call.call)
        #expect(try desk.handle(.silent(late)).isEmpty)
        try desk.unit("CBAT1", .cleared)
        #expect(try desk.handle(.silent(late)).isEmpty)
        #expect(desk.timers.isEmpty)
    }
}
