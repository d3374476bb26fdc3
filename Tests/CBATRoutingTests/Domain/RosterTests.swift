import Contracts
import Foundation
import Testing

@testable import CBATRouting

@Suite("Roster file")
struct RosterTests {
    @Test("the roster that is shipped is sound")
    func shipped() throws {
        let roster = try Samples.roster()
        #expect(roster.pairings.map(\.id) == ["banning", "beaumont", "cabazon"])
        #expect(Set(roster.pairings.map(\.agency)) == ["beaumont-pd", "banning-pd", "riverside-sheriff"])
        #expect(roster.policy.offerWindowSeconds == 120)
        #expect(roster.policy.silenceMinutes == 240)
        #expect(roster.hash.count == 64)
        #expect(roster.pairing(agency: "banning-pd", unit: "CBAT2")?.clinician == "clinician-example")
        #expect(roster.pairing(agency: "beaumont-pd", unit: "CBAT2") == nil)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let original: String
        let mistake: String
        let says: String
        var testDescription: String { says }
    }

    @Test(
        "a mistake is told with its line and what to do about it",
        arguments: [
            Mistake(original: "officer: officer-sample", mistake: "officer: nobody", says: "no officer `nobody`"),
            Mistake(original: "clinician: clinician-sample", mistake: "clinician: nobody", says: "no clinician"),
            Mistake(
                original: "agency: beaumont-pd\n    officer", mistake: "agency: moon-pd\n    officer", says: "moon-pd"),
            Mistake(original: "home: beaumont", mistake: "home: atlantis", says: "no community `atlantis`"),
            Mistake(original: "[mon, tue", mistake: "[monday, tue", says: "`monday` is not a day"),
            Mistake(original: "from: \"07:00\"", mistake: "from: \"7 am\"", says: "not a time of day"),
            Mistake(
                original: "unit: CBAT2\n    agency: banning-pd", mistake: "unit: CBAT1\n    agency: beaumont-pd",
                says: "own call sign"),
            Mistake(original: "id: banning\n    unit", mistake: "id: beaumont\n    unit", says: "there twice"),
            Mistake(
                original: "clinician: clinician-example\n", mistake: "clinician: clinician-sample\n",
                says: "at the same time"),
            Mistake(original: "beaumont: 0.45", mistake: "beaumont: 0.5", says: "sum to 1"),
            Mistake(
                original: "timeZone: America/Los_Angeles", mistake: "timeZone: Middle/Earth", says: "not a time zone"),
            Mistake(original: "offerWindowSeconds: 120", mistake: "offerWindowSeconds: soon", says: "whole number"),
            Mistake(original: "between: [banning, cabazon]", mistake: "between: [banning]", says: "two communities"),
            Mistake(
                original: "via: cabazon, minutes: 22", mistake: "via: mars, minutes: 22", says: "no community `mars`"),
            Mistake(original: "youth: true", mistake: "kids: true", says: "unknown key `kids`"),
            Mistake(original: "id: deputy-specimen", mistake: "id: officer-sample", says: "already taken"),
            Mistake(original: "fairness:\n", mistake: "fairness: 3\nignored:\n", says: "unknown key `ignored`"),
            Mistake(original: "version: \"2026-10\"", mistake: "version: [", says: "not YAML"),
        ])
    func mistakes(_ mistake: Mistake) throws {
        let text = try Samples.rosterText()
        let range = try #require(text.range(of: mistake.original))
        let broken = text.replacingCharacters(in: range, with: mistake.mistake)
        let problem = #expect(throws: RosterProblem.self) { try Roster.load(yaml: broken) }
        let told = "\(try #require(problem))"
        #expect(told.hasPrefix("roster.yaml:"))
        #expect(told.contains(mistake.says))
        #expect(told.contains("Fix: "))
    }

    @Test("the line is the one where the mistake is")
    func line() throws {
        let lines = try Samples.rosterText().split(separator: "\n", omittingEmptySubsequences: false)
        let number = try #require(lines.firstIndex { $0.contains("officer: officer-example") })
        let broken = lines.enumerated().map { $0 == number ? "    officer: nobody" : String($1) }
        let problem = #expect(throws: RosterProblem.self) {
            try Roster.load(yaml: broken.joined(separator: "\n"), file: "my.yaml")
        }
        #expect(problem?.line == number + 1)
        #expect(problem?.file == "my.yaml")
    }

    @Test("a part that is missing is named")
    func missing() throws {
        let problem = #expect(throws: RosterProblem.self) { try Roster.load(yaml: "version: \"1\"\n") }
        #expect(problem?.problem == "the file has no `agencies`")
        #expect(throws: RosterProblem.self) { try Roster.load(yaml: "") }
        #expect(throws: RosterProblem.self) { try Roster.load(yaml: "[1, 2]") }
    }
}
