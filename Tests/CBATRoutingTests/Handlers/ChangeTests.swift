import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("When a call changes")
struct ChangeTests {
    @Test(
        "a call closed by its CAD before contact is taken back and handed to patrol",
        arguments: [CallStatus.closed, .cancelled])
    func closed(_ status: CallStatus) throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1"))
        try desk.unit("CBAT1", .onScene)
        let events = try desk.triage(Samples.triaged("1", decision: 2, status: status))
        #expect(events.facts == ["cancelled", "handed-off"])
        let reason = "The call was \(status) by its CAD before the pair met the person."
        #expect(try events.first(AssignmentCancelled.self).reason == reason)
        #expect(try events.first(CallHandedOff.self).reason == reason)
        #expect(try events.first(CallHandedOff.self).nextOwner == .patrol)
        #expect(desk.timers.isEmpty)
        #expect(try desk.unit("CBAT1", .enroute, call: CallID(agency: "beaumont-pd", number: "1")).isEmpty)
        #expect(try desk.triage(Samples.triaged("2")).first(AssignmentOffered.self).assignment.unit == "CBAT1")
    }

    @Test("after contact the closing changes nothing and the pair clears itself")
    func closedAtContact() throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1"))
        try desk.unit("CBAT1", .contact)
        #expect(try desk.triage(Samples.triaged("1", decision: 2, status: .closed)).isEmpty)
        #expect(try desk.unit("CBAT1", .cleared, outcome: EncounterOutcome(disposition: .refused)).facts == ["cleared"])
    }

    @Test("a higher level makes the plan of the same assignment safer; there is never a second offer")
    func raised() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .enroute)
        let raised = Samples.triaged(
            "1", decision: 2, level: 4, mode: .patrolSecuresFirst, programs: [(.patrol, 90), (.cbat, 70)])
        let progressed = try desk.triage(raised).first(AssignmentProgressed.self)
        #expect(progressed.assignment.level == 4)
        #expect(progressed.assignment.mode == .patrolSecuresFirst)
        #expect(desk.state.activeAssignments.count == 1)
        #expect(throws: Refusal.self) { try desk.unit("CBAT1", .onScene) }
    }

    @Test("a lower level does not undo the plan, unless a person says so")
    func lowered() throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1", level: 4, mode: .patrolSecuresFirst))
        #expect(try desk.triage(Samples.triaged("1", decision: 2, level: 1)).isEmpty)
        let override = Samples.triaged("1", decision: 3, level: 1, isOverridden: true)
        #expect(try desk.triage(override).first(AssignmentProgressed.self).assignment.mode == .alternative)
    }

    @Test("a call that becomes another program's leaves the pair that has not accepted it, and its new owner is named")
    func reassigned() throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1"))
        let other = Samples.triaged("1", decision: 2, programs: [(.homelessOutreach, 80), (.patrol, 20)])
        let events = try desk.triage(other)
        #expect(events.facts == ["cancelled", "handed-off"])
        #expect(try events.first(CallHandedOff.self).nextOwner == .outreachOfficer)
    }

    @Test("a deferred call whose level rises is looked at again, and once")
    func deferredThenRaised() throws {
        var desk = try Desk("2026-11-04 03:00")
        try desk.triage(Samples.triaged("1"))
        #expect(try desk.triage(Samples.triaged("1", decision: 2)).isEmpty)
        let raised = try desk.triage(Samples.triaged("1", decision: 3, level: 4)).first(CallHandedOff.self)
        #expect(raised.nextOwner == .patrol)
        #expect(try desk.triage(Samples.triaged("1", decision: 4, level: 4)).isEmpty)
        #expect(try desk.triage(Samples.triaged("1", decision: 5, level: 2)).isEmpty)
        #expect(try desk.triage(Samples.triaged("1", decision: 6, level: 4)).isEmpty)
    }

    @Test("an officer on scene who asks brings CBAT to a call that was not its own")
    func secondary() throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1", programs: [(.patrol, 60), (.cbat, 20)]))
        let asks = Samples.triaged("1", decision: 2, mode: .secondary, programs: [(.patrol, 60), (.cbat, 20)])
        #expect(try desk.triage(asks).first(AssignmentOffered.self).assignment.mode == .secondary)
    }

    @Test("a possible duplicate joins the open assignment and never draws a second pair")
    func duplicate() throws {
        var desk = try Desk()
        let first = Samples.triaged("1")
        try desk.triage(first)
        let second = Samples.triaged("9", agency: "banning-pd", level: 3, mode: .simultaneous, duplicateOf: first.call)
        let events = try desk.triage(second)
        #expect(events.facts == ["joined", "progressed"])
        #expect(try events.first(CallJoined.self).assignment == desk.assignment(first).id)
        #expect(try desk.assignment(first).snapshot.level == 3)
        #expect(desk.state.activeAssignments.count == 1)
        try desk.unit("CBAT1", .accepted, call: second.call)
        #expect(try desk.assignment(first).status == .accepted)
    }

    @Test("the original joins when its duplicate was triaged first")
    func originalLater() throws {
        var desk = try Desk()
        let first = Samples.triaged("1")
        try desk.triage(Samples.triaged("9", agency: "banning-pd", duplicateOf: first.call))
        #expect(try desk.triage(first).facts == ["joined"])
    }

    @Test("a duplicate of a call that no pair has is routed by itself")
    func duplicateAlone() throws {
        var desk = try Desk()
        let first = Samples.triaged("1", programs: [(.patrol, 20)])
        try desk.triage(first)
        #expect(try desk.triage(Samples.triaged("9", duplicateOf: first.call)).facts == ["offered"])
    }

    @Test("when the original becomes another program's its live duplicate is taken up by itself")
    func passedOnByTriage() throws {
        var desk = try Desk()
        let first = Samples.triaged("1")
        try desk.triage(first)
        try desk.triage(Samples.triaged("9", agency: "banning-pd", duplicateOf: first.call))
        let other = Samples.triaged("1", decision: 2, programs: [(.homelessOutreach, 80), (.patrol, 20)])
        #expect(try desk.triage(other).facts == ["cancelled", "handed-off", "offered"])
        #expect(try desk.call(first).owner == .outreachOfficer)
    }

    @Test("a status that this version does not know is not an end")
    func unknownStatus() throws {
        var desk = try Desk()
        #expect(try desk.triage(Samples.triaged("1", status: "dispatched")).facts == ["offered"])
    }

    @Test("when the original is closed its live duplicates are taken up, and share one pair again")
    func passedOn() throws {
        var desk = try Desk()
        let first = Samples.triaged("1")
        try desk.triage(first)
        let others = ["8", "9"].map { Samples.triaged($0, agency: "banning-pd", duplicateOf: first.call) }
        for other in others { try desk.triage(other) }
        let gone = Samples.triaged("7", agency: "banning-pd", duplicateOf: first.call)
        try desk.triage(gone)
        #expect(try desk.triage(Samples.triaged("7", agency: "banning-pd", decision: 2, status: .closed)).isEmpty)
        let events = try desk.triage(Samples.triaged("1", decision: 2, status: .closed))
        #expect(events.facts == ["cancelled", "handed-off", "offered", "joined"])
        #expect(desk.state.activeAssignments.count == 1)
        #expect(try desk.call(first).owner == .patrol)
    }
}
