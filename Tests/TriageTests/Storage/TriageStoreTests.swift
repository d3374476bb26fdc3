import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceKit
import Synchronization
import TestSupport
import Testing
@testable import Triage

@Suite("Triage's tables", .privateDatabase)
struct TriageStoreTests {
    @Test("what was decided is found again by the next transaction, and an older version changes nothing")
    func survives() async throws {
        try await Triaged.with { triage in
            let first = try await triage.handle(.call(.sample(says: "hearing voices", version: 2)))
            #expect(first.triaged.map(\.decision) == [1])
            #expect(try await triage.handle(.call(.sample(version: 1))).isEmpty)
            #expect(try await triage.handle(.call(.sample(version: 2))).isEmpty)
            let closed = try await triage.handle(.call(.sample(version: 3, status: .closed)))
            #expect(closed.triaged.map(\.decision) == [2])
        }
    }

    @Test("an override stands across transactions until it is released")
    func override() async throws {
        try await Triaged.with { triage in
            let call = CallSnapshot.sample("MNTL", flags: .calm)
            _ = try await triage.handle(.call(call))
            _ = try await triage.handle(.override(call.id, .init(level: 4, reason: "heard a shot"), by: "sgt"))
            let updated = try await triage.handle(.call(.sample("MNTL", flags: .calm, version: 2)))
            #expect(updated.triaged.map(\.level) == [4])
            let released = try await triage.handle(.release(call.id, reason: "it was a door", by: "sgt"))
            #expect(released.triaged.map(\.level) == [2])
        }
    }

    @Test("the history is one document with every decision, its reasons and the rule set's text by hash")
    func history() async throws {
        try await Triaged.with { triage in
            let call = CallSnapshot.sample("MNTL", says: "has a knife")
            _ = try await triage.handle(.call(call))
            _ = try await triage.handle(.override(call.id, .init(level: 3, reason: "it was a spoon"), by: "sgt"))
            let archive = DecisionArchive(database: triage.database)
            let history = try #require(try await archive.history(of: call.id))
            #expect(history.agency == "beaumont-pd")
            let document = try ContractJSON.decode(Document.self, from: history.json)
            #expect(document.holds == 2)
            #expect(document.decisions.map(\.cause) == [.callVersion, .override])
            #expect(document.decisions.map(\.level) == [4, 3])
            #expect(document.decisions[1].rulesSay.reasons.contains { $0.rule == "gate.weapon" })
            let stored = try await archive.ruleSet(document.decisions[0].rulesSay.ruleSetHash)
            #expect(stored?.text == (try Shipped.text()))
            #expect(try await archive.history(of: CallSnapshot.sample(number: "B-none").id) == nil)
            #expect(try await archive.ruleSet("none") == nil)
        }
    }

    @Test("a batch with many calls and places is one decision each")
    func batch() async throws {
        try await Triaged.with { triage in
            let calls = (1...100).map {
                CallSnapshot.sample(number: "B-\($0)", address: "\($0 % 40) Example Way")
            }
            let outgoing = try await triage.handle(calls.map { .call($0) })
            #expect(outgoing.triaged.count == 100)
            #expect(outgoing.problems.count == 20)
        }
    }

    @Test("calls that meet at a place for the first time at the same moment announce it once")
    func crossing() async throws {
        try await Triaged.with { triage in
            let problems = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...6 {
                    group.addTask {
                        try await triage.handle(
                            .call(.sample(number: "B-\(number)", address: "5 Example Plaza"))
                        ).problems.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(problems == 1)
        }
    }

    @Test("rules that are reloaded judge the next call, which names them; with a mistake the old ones stay")
    func reload() async throws {
        let text = try Shipped.text()
        let file = RuleText(text)
        let rules = try Reloadable { () throws(ConfigurationError) in try TriageService.ruleSet(file.data) }
        try await Triaged.with(rules) { triage in
            file.text.withLock { $0 = text.replacing("gates:", with: "gatse:") }
            let refusal = #expect(throws: ConfigurationError.self) { try rules.reload() }
            #expect(refusal?.problems.contains { $0.hasPrefix("triage.yaml:") && $0.contains("Fix: ") } == true)
            let old = try await triage.handle(.call(.sample()))
            #expect(old.triaged.map(\.ruleSetHash) == [try Shipped.rules().hash])
            file.text.withLock { $0 = text + "\n# Edited.\n" }
            let edited = try rules.reload()
            #expect(edited.hash != (try Shipped.rules().hash))
            let new = try await triage.handle(.call(.sample(number: "B-2")))
            #expect(new.triaged.map(\.ruleSetHash) == [edited.hash])
            let archive = DecisionArchive(database: triage.database)
            #expect(try await archive.ruleSet(edited.hash)?.text.hasSuffix("# Edited.\n") == true)
        }
    }

    private final class RuleText: Sendable {
        let text: Mutex<String>
        init(_ text: String) { self.text = Mutex(text) }
        var data: Data { Data(text.withLock { $0 }.utf8) }
    }

    private struct Document: Decodable {
        let holds: Int
        let decisions: [Decision]
    }
}

/// The handler on real tables, in a schema of its own.
struct Triaged: Sendable {
    let database: PostgresClient
    let handler: AssessCalls

    static func with(
        _ rules: Reloadable<RuleSet>? = nil, _ body: (Triaged) async throws -> Void
    ) async throws {
        try await TestDatabase.current.withSchema(TriageService.migrations) { configuration in
            let database = PostgresClient(configuration, logger: Logger(label: "test"))
            let rules = try rules ?? Reloadable(fixed: Shipped.rules())
            try await body(Triaged(database: database, handler: AssessCalls(rules: rules)))
        }
    }

    func handle(_ input: TriageInput) async throws -> [Outgoing] { try await handle([input]) }

    func handle(_ inputs: [TriageInput]) async throws -> [Outgoing] {
        let batch = inputs.map { Message.sample($0, at: .monday) }
        return try await database.transaction { transaction in
            var state = try await handler.load(batch, in: transaction)
            let outgoing = try batch.flatMap { try handler.decide($0, &state) }
            try await handler.save(state, in: transaction)
            return outgoing
        }
    }
}
