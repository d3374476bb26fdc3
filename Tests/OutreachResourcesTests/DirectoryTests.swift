import Contracts
import Foundation
import Testing

@testable import OutreachResources

@Suite("The directory file")
struct DirectoryTests {
    @Test("has somebody for every need", arguments: Need.allCases)
    func covers(need: Need) throws {
        let directory = try Samples.directory()
        #expect(!directory.matches(MatchQuery(need: need, at: Samples.now)).isEmpty)
    }

    @Test(
        "a bad entry is named with file, line and fix",
        arguments: [
            ("status: active", "status: closed", "is not active, inactive, defunct or temporarily closed"),
            ("languages:", "langages:", "unknown field `langages`"),
            ("timeZone: America/Los_Angeles", "timeZone: America/Beaumont", "is not a time zone such as"),
            ("taxonomy_terms: [food]", "taxonomy_terms: [fud]", "unknown word `fud`"),
            ("opens_at: \"09:00\"", "opens_at: \"25:00\"", "is not a quoted time"),
            ("minimum_age: 60", "minimum_age: sixty", "is not whole years"),
            ("last_modified: 2026-10-01T09:00:00Z", "last_modified: yesterday", "is not a time"),
        ])
    func badEntry(good: String, bad: String, problem: String) throws {
        let yaml = try text()
        let range = try #require(yaml.range(of: good))
        let line = yaml[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).count
        let error = #expect(throws: DirectoryProblems.self) {
            try Directory.load(yaml: yaml.replacingCharacters(in: range, with: bad), file: "x.yaml")
        }
        let found = try #require(error?.problems.first)
        #expect(found.description.contains(problem))
        #expect(found.file == "x.yaml")
        #expect(found.line == line)
        #expect(!found.fix.isEmpty)
    }

    @Test("without a time zone it does not load: hours are never counted in a silent one")
    func noTimeZone() throws {
        let yaml = try text().replacing("timeZone: America/Los_Angeles\n", with: "")
        let error = #expect(throws: DirectoryProblems.self) { try Directory.load(yaml: yaml) }
        #expect(error?.description.contains("`timeZone` is missing") == true)
    }

    @Test("every problem is told at once")
    func everyProblem() throws {
        let yaml = try text()
            .replacing("status: active", with: "status: closed", maxReplacements: 2)
            .replacing("minimum_age: 60", with: "minimum_age: old")
        let error = #expect(throws: DirectoryProblems.self) { try Directory.load(yaml: yaml) }
        #expect(error?.problems.count == 3)
    }

    @Test("an id given twice is refused, and so is one that leads nowhere")
    func references() throws {
        let directory = try Samples.directory()
        let service = directory.services[0]
        let twice = try text().replacing(
            directory.services[1].id.uuidString.lowercased(), with: service.id.uuidString.lowercased())
        let twiceError = #expect(throws: DirectoryProblems.self) { try Directory.load(yaml: twice) }
        #expect(twiceError?.description.contains("already used on line") == true)

        let lost = try text().replacing(
            "organization_id: \(service.organization.uuidString.lowercased())",
            with: "organization_id: 00000000-0000-4000-8000-000000000000", maxReplacements: 1)
        let lostError = #expect(throws: DirectoryProblems.self) { try Directory.load(yaml: lost) }
        #expect(lostError?.description.contains("names no organization") == true)
    }

    @Test("what is not YAML is refused with its line", arguments: ["", "services: [", "a: b: c"])
    func notYAML(yaml: String) {
        #expect(throws: DirectoryProblems.self) { try Directory.load(yaml: yaml) }
    }

    private func text() throws -> String {
        try String(contentsOf: Samples.repository.appending(path: "deploy/config/directory.yaml"), encoding: .utf8)
    }
}
