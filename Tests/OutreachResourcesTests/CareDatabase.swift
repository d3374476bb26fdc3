import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import TestSupport

@testable import OutreachResources

/// The service's schema in the suite's database, migrated as `copps migrate` does, for the time of one test.
struct CareDatabase: Sendable {
    let database: PostgresClient
    let handler: FollowCare
    let directory: OutreachResources.Directory

    var reader: CareReader { CareReader(database: database) }

    static func with(_ body: (CareDatabase) async throws -> Void) async throws {
        try await TestDatabase.current.withSchema(OutreachResourcesService.migrations) { configuration in
            let directory = try Samples.directory()
            let database = PostgresClient(configuration, maximumConnections: 2, logger: Logger(label: "test"))
            try await body(
                CareDatabase(
                    database: database,
                    handler: FollowCare(directory: DirectorySource(directory)), directory: directory))
        }
    }

    /// One batch in one transaction, as the processor handles it.
    func handle(_ inputs: [FollowCare.Input], at date: Date = Samples.now) async throws {
        let batch = inputs.map { Samples.message($0, at: date, id: UUID()) }
        try await database.transaction { transaction in
            var state = try await handler.load(batch, in: transaction)
            for message in batch { _ = try handler.decide(message, &state) }
            try await handler.save(state, in: transaction)
        }
    }
}
