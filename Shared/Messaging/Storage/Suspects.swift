import Foundation
import Postgres

/// Messages whose handling was begun and, as long as they are noted here, not ended. After a crash they are the ones
/// among which the message that caused it is found.
struct Suspects {
    let database: PostgresClient

    /// A message that was begun this often and never ended is not begun again.
    static let patience = 3

    /// How often each was begun, of those that were.
    func tries(of ids: [UUID]) async throws -> [UUID: Int] {
        let rows = try await database.query("select message_id, tries from suspects where message_id = any(\(ids))")
        return Dictionary(try rows.map { try $0.decode(UUID.self, Int.self) }, uniquingKeysWith: max)
    }

    /// Committed before the handling begins.
    func note(_ ids: [UUID]) async throws {
        try await database.execute(
            """
            insert into suspects (message_id, tries) select distinct id, 1 from unnest(\(ids)) as m(id) order by id
            on conflict (message_id) do update set tries = suspects.tries + 1
            """)
    }

    func acquit(_ ids: [UUID]) async throws {
        try await database.execute("delete from suspects where message_id = any(\(ids))")
    }
}
