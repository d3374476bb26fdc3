import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import TestSupport
import Testing
@testable import Notifications

@Suite("The feed's tables", .privateDatabase)
struct FeedTests {
    private static let clinic = Partner(id: "clinic", name: "Example Clinic", class: "behavioral-health", agency: nil)
    private static let pantry = Partner(
        id: "pantry", name: "Example Pantry", class: "service-provider", agency: "c3ed6f34-4f96-5094-8383-e5f19a622891")
    private static let police = Partner(id: "bpd", name: "Beaumont", class: "police", agency: "beaumont-pd")

    @Test("every golden event comes out of the tables as it went in, in order, a page at a time")
    func roundTrip() async throws {
        try await Ledger.with { ledger in
            try await ledger.append(GoldenEvent.all.map { ($0.type, try $0.content.data) })
            var position = 0
            var contents: [JSONTree] = []
            while true {
                let page = try await ledger.reader().page(for: Self.police, after: position, limit: 7)
                guard page.next > position else { break }
                position = page.next
                contents += page.items.map(\.event.content)
            }
            #expect(position == GoldenEvent.all.count)
            let seen = GoldenEvent.all.filter { $0.type.hasPrefix("intake") || $0.type.hasPrefix("triage") }
            #expect(seen.allSatisfy { event in contents.contains(event.content) })
        }
    }

    @Test("a referral is shown once the encounter's consent is known, and no longer after it is taken back")
    func consent() async throws {
        let referral = try #require(GoldenEvent.all.first { $0.type == ReferralUpdated.type.description })
        let call = try #require(FeedEvent.call(in: referral.content))
        try await Ledger.with { ledger in
            func cleared(_ consent: String) -> (String, Data) {
                let json = #"{"assignment":{"call":"\#(call)"},"outcome":{"consent":"\#(consent)"}}"#
                return (EncounterCleared.type.description, Data(json.utf8))
            }
            try await ledger.append([(referral.type, try referral.content.data)])
            #expect(try await ledger.reader().page(for: Self.pantry, after: 0, limit: 9).items.isEmpty)
            try await ledger.append([cleared("yes")])
            let page = try await ledger.reader().page(for: Self.pantry, after: 0, limit: 9)
            #expect(page.items.map(\.shown) == [referral.content])
            try await ledger.append([cleared("no")])
            #expect(try await ledger.reader().page(for: Self.pantry, after: 0, limit: 9).items.isEmpty)
        }
    }

    @Test("every item shown is on record with its fields, whatever their names, and nothing that was not shown")
    func disclosures() async throws {
        try await Ledger.with { ledger in
            let call = #"{"call":"\#(UUID.v5("x").uuidString.lowercased())","flags":{"a,b.c\"":"yes"},"secret":1}"#
            try await ledger.append([
                (CallTriaged.type.description, Data(call.utf8)), ("intake.call.received.v1", Data("{}".utf8)),
            ])
            let page = try await ledger.reader().page(for: Self.clinic, after: 0, limit: 9)
            #expect(page.items.count == 1)
            let rows = try await ledger.database.query(
                "select partner, position, to_jsonb(fields), policy from disclosures")
            #expect(rows.count == 1)
            let (partner, position, fields, policy) = try #require(rows.first).decode(
                String.self, Int.self, JSONB.self, String.self)
            #expect(partner == "clinic")
            #expect(position == 1)
            #expect(try ContractJSON.decode([String].self, from: fields.bytes) == ["call", #"flags.a,b~1c""#])
            #expect(policy == (try Sample.policy()).hash)
        }
    }

    @Test("what was appended under a narrower policy stays narrow under a wider one")
    func policies() async throws {
        let text = try Sample.policy().text
        let narrow = try DisclosurePolicy(
            yaml: text.replacing("own: [operational, nature, narrative, health]", with: "own: []")
                .replacing("others: [operational, nature, narrative, health]", with: "others: [operational]"),
            file: "narrow.yaml")
        try await Ledger.with { ledger in
            let triaged = (CallTriaged.type.description, Data(#"{"level":3,"language":"es"}"#.utf8))
            try await ledger.append([triaged], under: narrow)
            try await ledger.append([triaged])
            let page = try await ledger.reader().page(for: Self.clinic, after: 0, limit: 9)
            #expect(page.items.map { $0.shown.leaves.keys.sorted() } == [["level"], ["language", "level"]])
        }
    }
}

/// The handler and the reader on real tables, in a schema of their own.
private struct Ledger: Sendable {
    let database: PostgresClient
    let policy: DisclosurePolicy

    static func with(_ body: (Ledger) async throws -> Void) async throws {
        try await TestDatabase.current.withSchema(NotificationsService.migrations) { configuration in
            let database = PostgresClient(configuration, logger: Logger(label: "test"))
            try await body(Ledger(database: database, policy: try Sample.policy()))
        }
    }

    func reader() -> FeedReader {
        FeedReader(database: database, policies: PolicyArchive(database: database, current: policy))
    }

    /// Appends events of these types and contents, as one batch.
    func append(_ events: [(type: String, data: Data)], under policy: DisclosurePolicy? = nil) async throws {
        let handler = AppendToFeed(policy: policy ?? self.policy)
        let batch = try events.map { event in
            let envelope = Envelope(id: .v7(), type: event.type, data: event.data)
            return Message(
                id: envelope.id, body: try AnyEvent(envelope), handledAt: Sample.now, correlation: nil,
                trace: envelope.trace)
        }
        try await database.transaction { transaction in
            var state = try await handler.load(batch, in: transaction)
            for message in batch { _ = try handler.decide(message, &state) }
            try await handler.save(state, in: transaction)
        }
    }
}
