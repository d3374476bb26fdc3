import Contracts
import Testing
@testable import Triage

@Suite("Questions that would change the answer")
struct QuestionTests {
    let rules: RuleSet

    init() throws { rules = try Shipped.rules() }

    @Test("an unknown weapon is asked about, with what a yes and a no would mean")
    func weapon() throws {
        let assessment = rules.assess(.sample("MNTL", flags: [.violence: .no]), placeHistory: 0, at: .monday)
        #expect(assessment.responseMode == .simultaneous)
        let question = try #require(assessment.questions.first)
        #expect(question.fact == "weapon")
        #expect(question.ifYes.level == 4)
        #expect(question.ifYes.responseMode == .patrolSecuresFirst)
        #expect(question.ifNo.responseMode == .alternative)
    }

    @Test("what is known is not asked again")
    func known() {
        let assessment = rules.assess(.sample("MNTL", flags: .calm), placeHistory: 0, at: .monday)
        #expect(!assessment.questions.contains { ["weapon", "violence"].contains($0.fact) })
    }

    @Test("nothing is asked when no answer could change anything")
    func settled() {
        let assessment = rules.assess(
            .sample("MTLV", says: "has a gun, took pills, overdosed, wants to die, hearing voices"), placeHistory: 0,
            at: .monday)
        #expect(assessment.questions.isEmpty)
    }

    @Test("a parking complaint is not asked about fires or pills")
    func relevant() {
        let assessment = rules.assess(.sample("PARKING", at: .business), placeHistory: 0, at: .monday)
        #expect(assessment.questions.isEmpty)
    }

    @Test("a welfare check is asked about mental health and about an attempt")
    func hidden() {
        let facts = rules.assess(.sample(flags: .calm), placeHistory: 0, at: .monday).questions.map(\.fact)
        #expect(facts.contains("behavioralHealth") || facts.contains("suicideAttempt"))
    }

    @Test("an answer to each question has the effect that was foretold", arguments: MonotonicityTests.types)
    func foretold(_ type: String) throws {
        let flags = Dictionary(
            rules.facts.compactMap { fact in fact.flag.map { (fact.name, $0) } }, uniquingKeysWith: { a, _ in a })
        let call = CallSnapshot.sample(type)
        for question in rules.assess(call, placeHistory: 0, at: .monday).questions {
            guard let flag = flags[question.fact] else { continue }
            for (value, foretold) in [(Fact.yes, question.ifYes), (.no, question.ifNo)] {
                var answered = call
                answered.flags[flag] = value
                let assessment = rules.assess(answered, placeHistory: 0, at: .monday)
                #expect(assessment.level == foretold.level)
                #expect(assessment.responseMode == foretold.responseMode)
                #expect(assessment.programs.first?.program == foretold.firstProgram)
            }
        }
    }
}
