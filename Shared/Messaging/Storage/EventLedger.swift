package import Foundation
package import Postgres

/// What this service said, to be said again.
package struct EventLedger: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// Has events published once more, as they were, under their original ids: whoever had them recognizes them, whoever
    /// missed them handles them. Ids that are not events of this service are passed over.
    ///
    /// - Returns: how many of them are this service's.
    package func publishAgain(_ ids: [UUID]) async throws -> Int {
        // An event's day is that of its id, or the next when midnight fell between the two.
        let days = ids.map(Inbox.day)
        return try await database.execute(
            """
            insert into outbox (id, day, partition_key)
            select e.id, e.day, e.partition_key
            from unnest(\(days), \(ids)) as m(day, id)
            join events e on e.day between m.day and m.day + 1 and e.message_id = m.id
            where e.exchange = 'events'
            order by e.id
            on conflict (id) do update set day = excluded.day
            """)
    }
}
