import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceKit
import Synchronization
import TestSupport

@testable import CBATRouting

/// The service's schema in the suite's private database, used as the service uses it: with its own role.
struct RoutingDatabase {
    let configuration: PostgresConfiguration
    let client: PostgresClient
    let file: RosterFile
    let handler: RouteCalls

    /// The roster's file, which a test may edit.
    final class RosterFile: Sendable {
        private let text: Mutex<String>

        init(_ text: String) { self.text = Mutex(text) }

        var data: Data { Data(text.withLock { $0 }.utf8) }

        func replace(_ original: String, with edited: String) {
            text.withLock { $0 = $0.replacing(original, with: edited) }
        }
    }

    static func with(_ body: (RoutingDatabase) async throws -> Void) async throws {
        try await TestDatabase.current.withSchema(CBATRoutingService.migrations) { configuration in
            let client = PostgresClient(configuration, logger: Logger(label: "test"))
            let file = RosterFile(try Samples.rosterText())
            let roster = try Reloadable { () throws(ConfigurationError) in try CBATRoutingService.roster(file.data) }
            try await body(
                RoutingDatabase(
                    configuration: configuration, client: client, file: file, handler: RouteCalls(roster: roster)))
        }
    }

    var queries: RoutingQueries { RoutingQueries(database: client) }

    /// One batch, as the processor runs it, without inbox and outbox.
    @discardableResult
    func handle(_ inputs: [RoutingInput], at date: Date) async throws -> [any DomainEvent] {
        let messages = inputs.map {
            Message(id: .v7(), body: $0, handledAt: date, correlation: nil, trace: .root())
        }
        return try await client.transaction { transaction in
            var state = try await handler.load(messages, in: transaction)
            var events: [any DomainEvent] = []
            for message in messages {
                for case .event(let event) in try handler.decide(message, &state) { events.append(event) }
            }
            try await handler.save(state, in: transaction)
            return events
        }
    }
}
