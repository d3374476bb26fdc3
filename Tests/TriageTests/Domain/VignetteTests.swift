import Contracts
import Testing
@testable import Triage

@Suite("What the shipped rules make of calls")
struct VignetteTests {
    let rules: RuleSet

    init() throws { rules = try Shipped.rules() }

    @Test("people in crisis", arguments: Vignette.crisis)
    func crisis(_ vignette: Vignette) { check(vignette) }

    @Test("each program gets its calls", arguments: Vignette.programs)
    func programs(_ vignette: Vignette) { check(vignette) }

    @Test("calls that could mislead", arguments: Vignette.adversarial)
    func adversarial(_ vignette: Vignette) { check(vignette) }

    @Test("an active campus incident alerts the school officer and patrol before all others, at the highest level")
    func campus() {
        let call = CallSnapshot.sample(
            "SHOPLIFT", says: "student hearing voices, homeless, swinging a knife", at: .school)
        let assessment = rules.assess(call, placeHistory: 9, at: .monday)
        #expect(assessment.level == 4)
        #expect(assessment.programs.map(\.program).prefix(2) == [.schoolResource, .patrol])
        #expect(assessment.reasons.contains { $0.rule == "gate.active-campus-incident" })
    }

    @Test("every reason says which rule, what matched, to what effect, why and by whose word")
    func reasons() throws {
        let assessment = rules.assess(
            .sample("MNTL", says: "Waving a machete.", flags: [.violence: .no]), placeHistory: 2, at: .monday)
        #expect(
            assessment.reasons.map(\.rule) == [
                "gate.weapon", "gate.behavioral-health", "cbat.behavioral-health", "cbat.keeps-calling",
                "patrol.always",
                "patrol.danger", "mode.danger-on-scene",
            ])
        let weapon = try #require(assessment.reasons.first)
        #expect(weapon.matched == ["weapon is yes (narrative “machete”)"])
        #expect(weapon.effect == "level at least 4")
        #expect(assessment.reasons.allSatisfy { !$0.why.isEmpty && !$0.source.isEmpty && !$0.matched.isEmpty })
        #expect(assessment.ruleSetHash.count == 64)
        #expect(assessment.ruleSetVersion == rules.version)
    }

    @Test("a denied mention is shown as set aside and leaves the fact unknown")
    func setAside() {
        let assessment = rules.assess(.sample(says: "denies having a gun"), placeHistory: 0, at: .monday)
        #expect(assessment.setAside == ["weapon: “gun” is negated"])
        #expect(!assessment.facts.contains { $0.fact == "weapon" })
        #expect(assessment.questions.contains { $0.fact == "weapon" })
    }

    private func check(_ vignette: Vignette) {
        let assessment = rules.assess(vignette.call, placeHistory: vignette.earlierCalls, at: .monday)
        #expect(assessment.level == vignette.level)
        #expect(assessment.responseMode == vignette.mode)
        #expect(assessment.programs.first?.program == vignette.first)
        #expect(assessment.programs.contains { $0.program == .patrol })
        #expect(assessment.programs.map(\.score) == assessment.programs.map(\.score).sorted(by: >))
    }
}
