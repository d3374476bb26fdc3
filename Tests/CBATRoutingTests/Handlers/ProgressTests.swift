import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("Following an assignment")
struct ProgressTests {
    @Test("a call is followed by the CAD's unit status to the end, and the clinician's minutes go to its community")
    func whole() throws {
        var desk = try Desk()
        let call = Samples.triaged("1", language: "es", ageBand: .youth)
        try desk.triage(call)
        let steps: [(UnitStatus, String)] = [
            (.accepted, "accepted"), (.enroute, "progressed"), (.staged, "progressed"), (.onScene, "progressed"),
            (.contact, "progressed"),
        ]
        for (status, fact) in steps {
            desk.now += 300
            #expect(try desk.unit("CBAT1", status, call: call.call).facts == [fact])
        }
        desk.now += 1790
        let outcome = EncounterOutcome(disposition: .safetyPlan, needs: [.crisis], consent: .yes)
        let cleared = try desk.unit("CBAT1", .cleared, call: call.call, outcome: outcome).first(EncounterCleared.self)
        #expect(cleared.clinicianMinutes == 45)
        #expect(cleared.nextOwner == .clinician)
        #expect(cleared.outcome.language == "es")
        #expect(cleared.outcome.ageBand == .youth)
        #expect(desk.state.ledger.minutes == ["clinician-sample": [.beaumont: 45]])
        #expect(try desk.call(call).owner == .clinician)
        #expect(desk.state.activeAssignments.isEmpty)
    }

    @Test("setting out says yes, even when the yes comes later or never")
    func impliedYes() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        #expect(
            try desk.unit("CBAT1", .enroute, call: call.call, at: desk.now + 20).facts == ["accepted", "progressed"])
        #expect(try desk.unit("CBAT1", .accepted, call: call.call, at: desk.now + 10).isEmpty)
        #expect(try desk.assignment(call).status == .enroute)
    }

    @Test("an older status is ignored, and so is the same again")
    func older() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .accepted, at: desk.now + 10)
        try desk.unit("CBAT1", .onScene, at: desk.now + 600)
        #expect(try desk.unit("CBAT1", .enroute, at: desk.now + 60).isEmpty)
        #expect(try desk.unit("CBAT1", .onScene, at: desk.now + 600).isEmpty)
        #expect(try desk.assignment(call).status == .onScene)
    }

    @Test("what is illegal is refused and changes nothing")
    func illegal() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .accepted)
        let before = desk.state.assignments
        let refusal = #expect(throws: Refusal.self) { try desk.unit("CBAT1", .declined) }
        #expect(refusal?.code == "illegal-transition")
        #expect(refusal?.waitingHelps == false)
        #expect(desk.state.assignments == before)
    }

    @Test("a pair that stages waits for patrol's word, whatever unit brings it")
    func securesFirst() throws {
        var desk = try Desk()
        let call = Samples.triaged("1", level: 4, mode: .patrolSecuresFirst, programs: [(.patrol, 90), (.cbat, 30)])
        try desk.triage(call)
        try desk.unit("CBAT1", .enroute, call: call.call)
        let refusal = #expect(throws: Refusal.self) { try desk.unit("CBAT1", .onScene, call: call.call) }
        #expect(refusal?.code == "scene-not-secured")
        #expect(refusal?.waitingHelps == true)
        let secured = try desk.unit("42", .sceneSecured, call: call.call).first(AssignmentProgressed.self)
        #expect(secured.assignment.isSceneSecured)
        #expect(try desk.unit("42", .sceneSecured, call: call.call).isEmpty)
        #expect(try desk.unit("CBAT1", .onScene, call: call.call).facts == ["progressed"])
    }

    @Test("a scene secured before a pair was found stays secured; of a call not yet known it is tried again")
    func securedEarly() throws {
        var desk = try Desk()
        let call = Samples.triaged("1", level: 4, mode: .patrolSecuresFirst, programs: [(.patrol, 90)])
        let refusal = #expect(throws: Refusal.self) { try desk.unit("42", .sceneSecured, call: call.call) }
        #expect(refusal?.waitingHelps == true)
        try desk.triage(call)
        try desk.unit("42", .sceneSecured, call: call.call)
        let asked = Samples.triaged("1", decision: 2, level: 4, mode: .patrolSecuresFirst)
        #expect(try desk.triage(asked).first(AssignmentOffered.self).assignment.isSceneSecured)
    }

    @Test("units that are no pairs, and pairs' words about other calls, leave assignments alone")
    func others() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        #expect(try desk.unit("42", .enroute, call: call.call).isEmpty)
        #expect(try desk.unit("CBAT1", .accepted, call: CallID(agency: "beaumont-pd", number: "x")).isEmpty)
        #expect(try desk.unit("CBAT1", .enroute, at: desk.now - 60).isEmpty)
        #expect(try desk.unit("CBAT1", .accepted, call: call.call, agency: "banning-pd").isEmpty)
        #expect(try desk.unit("CBAT1", .available).isEmpty)
        #expect(try desk.assignment(call).status == .offered)
    }

    @Test("driving the person somewhere is contact, and the pair comes back from outside the Pass")
    func transport() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .onScene)
        #expect(try desk.unit("CBAT1", .transporting).facts == ["progressed"])
        #expect(try desk.assignment(call).isWithPerson)
        try desk.unit("CBAT1", .cleared, outcome: EncounterOutcome(disposition: .voluntaryTransport))
        let next = try desk.triage(Samples.triaged("2"))
        #expect(desk.lastDecision?.choice?.ranked.first { $0.pairing == "beaumont" }?.position == .outside)
        #expect(try next.first(AssignmentOffered.self).assignment.unit == "CBAT2")
    }

    @Test("a CAD that clears without an outcome leaves the outcome open and the person with the clinician")
    func notReported() throws {
        var desk = try Desk()
        try desk.triage(Samples.triaged("1"))
        try desk.unit("CBAT1", .contact)
        let cleared = try desk.unit("CBAT1", .cleared).first(EncounterCleared.self)
        #expect(cleared.outcome.disposition == .notReported)
        #expect(cleared.nextOwner == .clinician)
    }

    @Test(
        "a pair that leaves before it arrives loses the call to the next",
        arguments: [UnitStatus.available, .offDuty, .cleared])
    func leaves(_ status: UnitStatus) throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .enroute)
        #expect(try desk.unit("CBAT1", status, at: desk.now + 1).facts == ["cancelled", "offered"])
        #expect(try desk.assignment(call).snapshot.unit == "CBAT2")
    }

    @Test(
        "a pair with the person keeps the call whatever else its CAD says", arguments: [UnitStatus.available, .offDuty])
    func stays(_ status: UnitStatus) throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        try desk.unit("CBAT1", .contact)
        #expect(try desk.unit("CBAT1", status, at: desk.now + 1).isEmpty)
        #expect(try desk.assignment(call).isWithPerson)
    }

    @Test("over HTTP a command needs the agency, the assignment and a legal step")
    func commands() throws {
        var desk = try Desk()
        let call = Samples.triaged("1")
        try desk.triage(call)
        let id = try desk.assignment(call).id
        func command(_ action: UnitCommand.Action, _ agency: AgencyID? = "beaumont-pd") -> RoutingInput {
            .command(UnitCommand(assignment: id, action: action, agency: agency))
        }
        #expect(throws: Refusal.self) { try desk.handle(command(.report(.accepted), "banning-pd")) }
        #expect(throws: Refusal.self) { try desk.handle(command(.report(.enroute))) }
        #expect(try desk.handle(command(.report(.accepted))).facts == ["accepted"])
        #expect(try desk.handle(command(.report(.accepted))).isEmpty)
        #expect(try desk.handle(command(.sceneSecured, nil)).facts == ["progressed"])
        try desk.unit("CBAT1", .enroute, at: desk.now + 30)
        #expect(try desk.handle(command(.report(.onScene))).facts == ["progressed"])
        let missing = UnitCommand(assignment: AssignmentID(.v5("none")), action: .sceneSecured, agency: nil)
        #expect(throws: Refusal.self) { try desk.handle(.command(missing)) }
    }
}
