import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("When a CAD opens a call again")
struct ReopeningTests {
    @Test(
        "a call that was closed before a pair met the person is offered again, to any pair",
        arguments: [CallStatus.closed, .cancelled])
    func beforeContact(_ status: CallStatus) throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1"))
        try desk.unit("CBAT1", .enroute)
        try desk.triage(Samples.triaged("1", decision: 2, status: status))
        let offered = try desk.triage(Samples.triaged("1", decision: 3)).first(AssignmentOffered.self)
        #expect(offered.assignment.unit == "CBAT1")
        #expect(try desk.triage(Samples.triaged("1", decision: 4)).isEmpty)
    }

    @Test("a call that a pair cleared is offered again, and cleared again as the same episode")
    func afterClearing() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .contact)
        let first = try desk.unit("CBAT1", .cleared).first(EncounterCleared.self)
        #expect(try desk.triage(Samples.triaged("1", decision: 2)).isEmpty, "it was not closed in between")
        #expect(try desk.triage(Samples.triaged("1", decision: 3, status: .closed)).isEmpty)
        #expect(try desk.triage(Samples.triaged("1", decision: 4)).facts == ["offered"])
        #expect(try desk.call(call).owner == .cbatRouting)
        let unit = try desk.assignment(call).snapshot.unit
        try desk.unit(unit, .contact)
        let second = try desk.unit(unit, .cleared).first(EncounterCleared.self)
        #expect(second.assignment.id != first.assignment.id)
        #expect(second.assignment.episode == first.assignment.episode)
    }

    @Test("without a pair its owner is told once more, though it is the same one: it may be over for them")
    func sameOwner() throws {
        var desk = try Desk("2026-11-04 03:00")
        #expect(try desk.triage(Samples.triaged("1", level: 4)).first(CallHandedOff.self).nextOwner == .patrol)
        #expect(try desk.triage(Samples.triaged("1", decision: 2, status: .closed, level: 4)).isEmpty)
        let again = try desk.triage(Samples.triaged("1", decision: 3, level: 4)).first(CallHandedOff.self)
        #expect(again.nextOwner == .patrol)
    }

    @Test("a scene that was secured before is not taken for secured now")
    func scene() throws {
        var desk = try Desk()
        let call = Samples.triaged("1", level: 4, mode: .patrolSecuresFirst)
        try desk.triage(call)
        try desk.unit("42", .sceneSecured, call: call.call)
        try desk.triage(Samples.triaged("1", decision: 2, status: .closed))
        let again = Samples.triaged("1", decision: 3, level: 4, mode: .patrolSecuresFirst)
        #expect(try desk.triage(again).first(AssignmentOffered.self).assignment.isSceneSecured == false)
    }

    @Test("a call that is no longer CBAT's keeps the owner it has")
    func notOurs() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .contact)
        try desk.unit("CBAT1", .cleared, outcome: EncounterOutcome(disposition: .safetyPlan, consent: .yes))
        try desk.triage(Samples.triaged("1", decision: 2, status: .closed))
        #expect(try desk.triage(Samples.triaged("1", decision: 3, programs: [(.patrol, 90)])).isEmpty)
        #expect(try desk.call(call).owner == .clinician)
    }

    @Test("a pair that is with the person meanwhile goes on as if nothing had been")
    func withPerson() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .contact)
        #expect(try desk.triage(Samples.triaged("1", decision: 2, status: .closed)).isEmpty)
        #expect(try desk.triage(Samples.triaged("1", decision: 3)).isEmpty)
        #expect(try desk.assignment(call).isWithPerson)
    }

    @Test("a duplicate whose original was cleared is taken up by itself, and the original then joins it")
    func joined() throws {
        var desk = try Desk()
        let first = Samples.triaged("1")
        try desk.triage(first)
        let second = Samples.triaged("9", agency: "banning-pd", duplicateOf: first.call)
        #expect(try desk.triage(second).facts == ["joined"])
        try desk.unit("CBAT1", .contact)
        for (number, agency) in [("1", "beaumont-pd" as AgencyID), ("9", "banning-pd")] {
            let original = number == "9" ? first.call : nil
            try desk.triage(
                Samples.triaged(number, agency: agency, decision: 2, status: .closed, duplicateOf: original))
        }
        try desk.unit("CBAT1", .cleared)
        let again = Samples.triaged("9", agency: "banning-pd", decision: 3, duplicateOf: first.call)
        #expect(try desk.triage(again).facts == ["offered"])
        #expect(try desk.triage(Samples.triaged("1", decision: 3)).facts == ["joined"])
        #expect(desk.state.activeAssignments.count == 1)
    }

    @Test("when a call joins another those that had joined it go along, and have the same owner in the end")
    func goAlong() throws {
        var desk = try Desk()
        let first = Samples.triaged("1")
        let early = Samples.triaged("8", duplicateOf: first.call)
        let late = Samples.triaged("9", duplicateOf: first.call)
        try desk.triage(first)
        try desk.triage(early)
        try desk.triage(Samples.triaged("8", decision: 2, status: .closed, duplicateOf: first.call))
        try desk.triage(Samples.triaged("1", decision: 2, status: .closed))
        #expect(try desk.triage(late).facts == ["offered"])
        #expect(try desk.triage(Samples.triaged("1", decision: 3)).facts == ["joined"])
        #expect(desk.state.root(of: early.call) == late.call)
        let unit = try desk.assignment(late).snapshot.unit
        try desk.unit(unit, .contact)
        try desk.unit(unit, .cleared)
        #expect(try [first, early, late].map { try desk.call($0).owner } == [.clinician, .clinician, .clinician])
    }
}
