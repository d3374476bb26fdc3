import Contracts
import Testing
@testable import Triage

@Suite("A person's override")
struct OverrideTests {
    let rules: RuleSet

    init() throws { rules = try Shipped.rules() }

    @Test("holds what it names, leaves the rest to the rules, and outlives updates until it is released")
    func stands() {
        var record = CallRecord(
            .sample("MNTL", flags: .calm), rules.assess(.sample("MNTL", flags: .calm), placeHistory: 0, at: .monday))
        record.impose(
            Override(
                .init(level: 1, programs: [.homelessOutreach], reason: "known to the officer"), by: "sgt", at: .monday))
        let update = CallSnapshot.sample("MNTL", says: "now has a gun", version: 2)
        let updated = record.assessed(update, rules.assess(update, placeHistory: 0, at: .monday))
        let decision = updated.decide(because: .callVersion, at: .monday)
        #expect(decision.decision == 3)
        #expect(decision.level == 1)
        #expect(decision.programs.map(\.program) == [.homelessOutreach, .patrol])
        #expect(decision.responseMode == .patrolSecuresFirst)
        #expect(decision.rulesSay.level == 4)
        #expect(decision.override?.reason == "known to the officer")
        #expect(updated.event(decision).isOverridden)

        var released = updated
        released.release()
        let after = released.decide(because: .release, at: .monday)
        #expect(after.level == 4)
        #expect(after.override == nil)
        #expect(!released.event(after).isOverridden)
    }

    @Test("what triage keeps of a call holds no narrative and no person")
    func personalContent() throws {
        var call = CallSnapshot.sample(says: "hearing voices in the garage of the Invented family")
        call.persons = [Person(role: "caller", name: "Paula Placeholder")]
        let record = CallRecord(call, rules.assess(call, placeHistory: 0, at: .monday))
        let kept = String(decoding: try ContractJSON.encode(record), as: UTF8.self)
        #expect(!kept.contains("Invented") && !kept.contains("Placeholder"))
        let event = try ContractJSON.encode(record.event(record.decide(because: .callVersion, at: .monday)))
        #expect(!String(decoding: event, as: UTF8.self).contains("hearing voices"))
    }

    @Test("a choice that makes no sense is refused with every problem and its place")
    func problems() {
        #expect(Override.Choice(reason: "why not").problems.map(\.pointer) == [""])
        let choice = Override.Choice(level: 7, responseMode: "helicopter", programs: [.cbat, "k9", .cbat], reason: " ")
        #expect(
            choice.problems.map(\.pointer) == ["/level", "/responseMode", "/programs/1", "/programs", "/reason"])
        #expect(Override.Choice(level: 2, reason: "seen in person").problems.isEmpty)
    }

    @Test("a record is the same after a trip through JSON")
    func roundTrip() throws {
        var record = CallRecord(
            .sample(says: "suicidal"), rules.assess(.sample(says: "suicidal"), placeHistory: 1, at: .monday))
        record.impose(Override(.init(level: 4, reason: "heard the caller"), by: "sgt", at: .monday))
        #expect(try ContractJSON.decode(CallRecord.self, from: try ContractJSON.encode(record)) == record)
    }
}
