import Testing
@testable import Triage

@Suite("Reading a rule file")
struct RuleSetLoadTests {
    @Test("the shipped rules have no mistake")
    func shipped() throws {
        let rules = try Shipped.rules()
        #expect(rules.repeatPlaces.windowDays == 30)
        #expect(rules.text == (try Shipped.text()))
    }

    /// A change to a good rule file, and what is said about it.
    struct Slip: Sendable, CustomTestStringConvertible {
        let replacing: String
        let with: String
        let line: Int
        let problem: String
        let fix: String
        var testDescription: String { problem }
    }

    static let slips: [Slip] = [
        Slip(
            replacing: "version:", with: "versoin:", line: 1, problem: "the rule file has no `version`",
            fix: "add `version:`"),
        Slip(
            replacing: "points: 70", with: "points: lots", line: 11, problem: "whole number from 1 to 100", fix: "range"
        ),
        Slip(replacing: "level: 4", with: "level: 5", line: 8, problem: "whole number from 1 to 4", fix: "range"),
        Slip(
            replacing: "program: cbat", with: "program: cbta", line: 11, problem: "`cbta` is not known",
            fix: "write `cbat`"),
        Slip(
            replacing: "mode: simultaneous", with: "mode: parallel", line: 14, problem: "`parallel` is not known",
            fix: "alternative, simultaneous"),
        Slip(
            replacing: "{weapon: yes}, why", with: "{weapons: yes}, why", line: 8,
            problem: "`weapons`, which is not a fact",
            fix: "write `weapon`"),
        Slip(
            replacing: "{weapon: yes}, why", with: "{weapon: no}, why", line: 8,
            problem: "danger could lower the level",
            fix: "yes or possible"),
        Slip(
            replacing: "{weapon: yes}, why", with: "{weapon: unknown}, why", line: 8, problem: "danger could lower",
            fix: "may only raise"),
        Slip(
            replacing: "{weapon: yes}, why", with: "{weapon: sure}, why", line: 8, problem: "no answer for `weapon`",
            fix: "yes, no, unknown"),
        Slip(
            replacing: "{weapon: yes}, why", with: "{weapon: yes, levelAtLeast: 2}, why", line: 8,
            problem: "looks at the level", fix: "name the facts"),
        Slip(
            replacing: "id: p1", with: "id: g1", line: 11, problem: "has the id of the rule on line 8",
            fix: "its own id"),
        Slip(replacing: "why: danger, ", with: "", line: 8, problem: "rule `g1` has no `why`", fix: "add `why:`"),
        Slip(replacing: "source: us}", with: "sauce: us}", line: 8, problem: "unknown key `sauce`", fix: "one of"),
        Slip(
            replacing: "flag: weapon", with: "flag: wepon", line: 4, problem: "`wepon` is not known",
            fix: "write `weapon`"),
        Slip(
            replacing: "words: [gun]", with: "words: [gu*]", line: 4, problem: "`gu*` cannot be looked for",
            fix: "three"),
        Slip(
            replacing: "types: [MNTL]", with: "types: [mental]", line: 5, problem: "not a common incident type",
            fix: "WELFARE"),
        Slip(
            replacing: "types: [MNTL]}", with: "types: [MNTL]}\n  lonely: {words: [lonely]}", line: 6,
            problem: "no rule uses fact `lonely`", fix: "write a rule"),
        Slip(
            replacing: "mode: simultaneous, why", with: "mode: simultaneous, when: {weapon: yes}, why", line: 14,
            problem: "does not always apply", fix: "without `when`"),
        Slip(replacing: "calls: 3", with: "calls: 1", line: 16, problem: "whole number from 2", fix: "range"),
        Slip(replacing: "facts:", with: "facts", line: 4, problem: "", fix: "indentation"),
        Slip(replacing: "title: A", with: "version: B", line: 1, problem: "occurs twice", fix: "keep one"),
    ]

    @Test("a mistake is named with its line and how to mend it", arguments: slips)
    func mistakes(_ slip: Slip) throws {
        let yaml = Self.good.replacing(slip.replacing, with: slip.with, maxReplacements: 1)
        #expect(yaml != Self.good)
        let error = #expect(throws: RuleSetError.self) { try RuleSet.load(yaml: yaml, file: "rules.yaml") }
        let mistakes = try #require(error?.mistakes)
        #expect(
            mistakes.contains {
                $0.line == slip.line && $0.problem.contains(slip.problem) && $0.fix.contains(slip.fix)
            }, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("rules.yaml:") == true)
    }

    @Test("all mistakes are told at once")
    func all() throws {
        let yaml = Self.good.replacing("level: 4", with: "level: 5").replacing("cbat", with: "cbta")
        let error = #expect(throws: RuleSetError.self) { try RuleSet.load(yaml: yaml) }
        #expect(error?.mistakes.count == 2)
    }

    @Test("an empty file is a mistake", arguments: ["", "# nothing", "- a list", "just words"])
    func empty(_ yaml: String) {
        #expect(throws: RuleSetError.self) { try RuleSet.load(yaml: yaml) }
    }

    @Test("a changed file has another hash")
    func hash() throws {
        let rules = try RuleSet.load(yaml: Self.good)
        #expect(rules.hash != (try RuleSet.load(yaml: Self.good + "# a remark\n").hash))
        #expect(rules.hash == (try RuleSet.load(yaml: Self.good).hash))
    }

    static let good = """
        title: A
        version: "1"
        facts:
          weapon: {flag: weapon, words: [gun], ask: Armed?}
          behavioralHealth: {types: [MNTL]}

        gates:
          - {id: g1, level: 4, when: {weapon: yes}, why: danger, source: us}

        evidence:
          - {id: p1, program: cbat, points: 70, when: {behavioralHealth: yes}, why: care, source: us}

        modes:
          - {id: m1, mode: simultaneous, why: careful, source: us}
        listedFrom: 20
        repeatPlaces: {windowDays: 30, calls: 3}
        negation: {words: ["no"], reach: 3, endedBy: [but], unlessFollowedBy: [only]}

        """
}
