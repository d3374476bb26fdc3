import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import TestSupport
import Testing
@testable import Intake

@Suite("Intake's tables", .privateDatabase)
struct IntakeStoreTests {
    @Test("what a batch decided is what the next batch knows: versions, their contents, message ids, receipt positions")
    func survives() async throws {
        try await Tables.with { tables in
            let first = try await tables.handle([
                try Sample.message(Sample.call(version: 2), id: "M-1"),
                try Sample.message(Sample.call(version: 3), id: "M-2"),
                try Sample.message(Sample.call(version: 1), id: "M-3"),
                try Sample.message(Sample.call(version: 3), id: "M-2"),
            ])
            #expect(first.map(\.outcome) == [.accepted, .updated, .stale, .duplicate])
            let second = try await tables.handle([
                try Sample.message(Sample.call(version: 2), id: "M-1"),
                try Sample.message(Sample.call(version: 2), id: "N-1"),
                try Sample.message(Sample.call(version: 1), id: "N-2"),
                try Sample.message(Sample.call(version: 3, typeCode: "415"), id: "N-3"),
                try Sample.message(Sample.call(version: 4), id: "M-3"),
                try Sample.message(Sample.call(version: 4, status: .closed), id: "N-4"),
            ])
            #expect(second.map(\.outcome) == [.duplicate, .duplicate, .duplicate, .rejected, .rejected, .updated])
            #expect(second.map(\.original) == [.accepted, .accepted, .stale, nil, nil, nil])
            let rows = try await tables.database.query("select position from receipts order by position")
            #expect(try rows.map { try $0.decode(Int.self) } == Array(1...10))
            let call = try #require(try await tables.database.query("select version, status from calls").first)
            #expect(try call.decode(Int.self, String.self) == (4, "closed"))
        }
    }

    @Test("another agency's call of an earlier batch is found, and one message with an absurd time hides nothing")
    func neighbors() async throws {
        try await Tables.with { tables in
            _ = try await tables.handle([try Sample.message(Sample.call(receivedAt: Sample.now - 600), id: "M-1")])
            _ = try await tables.handle([
                try Sample.message(
                    Sample.call("R-0", receivedAt: Date(timeIntervalSince1970: 0)), id: "M-0", by: "riverside-sheriff"),
                try Sample.message(Sample.call("R-1"), id: "M-1", by: "riverside-sheriff"),
            ])
            let rows = try await tables.database.query(
                "select number, snapshot ->> 'possibleDuplicateOf' from calls order by number")
            let found = try rows.map { row -> String? in
                let (_, duplicate) = try row.decode(String.self, String?.self)
                return duplicate
            }
            #expect(found == [nil, nil, CallID(agency: "beaumont-pd", number: "B-1").description])
        }
    }

    @Test("whatever is wrong with a message, its receipt can be stored")
    func rejected() async throws {
        let golden = try #require(
            try JSONSerialization.jsonObject(with: try Sample.golden("cad.call.v1")) as? [String: Any])
        let batch = try BadField.calls.map { bad in
            var message = golden
            var call = try #require(message["call"] as? [String: Any])
            bad.spoil(&call)
            message["call"] = call
            return try Sample.message(try JSONSerialization.data(withJSONObject: message))
        }
        try await Tables.with { tables in
            let receipts = try await tables.handle(batch)
            #expect(receipts.allSatisfy { $0.outcome == .rejected })
            #expect(receipts.count == batch.count)
        }
    }
}

/// The handler on real tables, in a schema of its own.
private struct Tables: Sendable {
    let database: PostgresClient
    let handler: ReceiveCADMessages

    static func with(_ body: (Tables) async throws -> Void) async throws {
        try await TestDatabase.current.withSchema(IntakeService.migrations) { configuration in
            let database = PostgresClient(configuration, logger: Logger(label: "test"))
            try await body(Tables(database: database, handler: try Sample.handler()))
        }
    }

    func handle(_ batch: [Message<CADMessage>]) async throws -> [Receipt] {
        try await database.transaction { transaction in
            var state = try await handler.load(batch, in: transaction)
            for message in batch { _ = try handler.decide(message, &state) }
            try await handler.save(state, in: transaction)
            return state.newReceipts.map(\.receipt)
        }
    }
}
