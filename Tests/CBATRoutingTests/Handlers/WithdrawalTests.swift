import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("Withdrawing a roster exception")
struct WithdrawalTests {
    private func exception(
        _ pairing: String, substitute: String? = nil, from start: Date, hours: Double = 4
    ) -> RosterException {
        RosterException(
            id: .v5("exception", pairing), kind: substitute == nil ? .outOfService : .swap, pairing: pairing,
            substitute: substitute, span: Span(start: start, end: start + hours * 3600), reason: "test",
            madeBy: "test")
    }

    @Test("the pair rides again")
    func ridesAgain() throws {
        var desk = try Desk()
        let out = exception("beaumont", from: desk.now)
        try desk.handle(.exception(out))
        #expect(try desk.triage(Samples.triaged("1")).first(AssignmentOffered.self).assignment.unit == "CBAT2")
        try desk.handle(.withdrawal(out.id))
        #expect(try desk.triage(Samples.triaged("2")).first(AssignmentOffered.self).assignment.unit == "CBAT1")
    }

    @Test("a substitute that rides no more is not waited for")
    func substitute() throws {
        var desk = try Desk("\(Samples.wednesday) 08:00")  // only CBAT1 rides, and then only CBAT3
        let swap = exception("beaumont", substitute: "cabazon", from: desk.now)
        try desk.handle(.exception(swap))
        #expect(try desk.triage(Samples.triaged("1")).first(AssignmentOffered.self).assignment.unit == "CBAT3")
        let events = try desk.handle(.withdrawal(swap.id))
        #expect(events.facts == ["cancelled", "offered"])
        #expect(try events.first(AssignmentOffered.self).assignment.unit == "CBAT1")
    }

    @Test("one that keeps somebody from riding in two cars is not withdrawn, and one there is not cannot be")
    func refusals() throws {
        let text = try Samples.rosterText().replacing(
            "clinician: clinician-specimen", with: "clinician: clinician-sample"
        ).replacing("days: [wed, thu, fri], from: \"14:00\"", with: "days: [fri], from: \"14:00\"")
        var desk = try Desk(roster: try Roster.load(yaml: text))
        let out = exception("beaumont", from: desk.now)
        let swap = exception("banning", substitute: "cabazon", from: desk.now, hours: 2)
        try desk.handle(.exception(out))
        try desk.handle(.exception(swap))
        let refusal = #expect(throws: Refusal.self) { try desk.handle(.withdrawal(out.id)) }
        #expect(refusal?.code == "person-in-two-cars")
        try desk.handle(.withdrawal(swap.id))
        try desk.handle(.withdrawal(out.id))
        let unknown = #expect(throws: Refusal.self) { try desk.handle(.withdrawal(out.id)) }
        #expect(unknown?.code == "exception-not-found")
    }
}
