package import Contracts
package import Foundation
package import Postgres

/// What a person asks of parked messages: what is there, what is in it, handle it again.
package struct ParkedStore: Sendable {
    let service: ServiceName
    let database: PostgresClient

    package init(_ service: ServiceName, _ database: PostgresClient) {
        self.service = service
        self.database = database
    }

    /// Messages that still wait for somebody, by cause and type, the most first.
    package func groups() async throws -> [ParkedGroup] {
        try await database.query(
            """
            select code, type, count(*), min(parked_at), (array_agg(message_id order by parked_at desc))[1]
            from parked where resolved_at is null group by code, type order by count(*) desc, code, type
            """
        ).map { row in
            let (code, type, count, since, example) = try row.decode(
                String.self, String.self, Int.self, Date.self, UUID.self)
            return ParkedGroup(
                service: service.rawValue, code: code, type: type, count: count, since: since, example: example)
        }
    }

    /// One parked message, with every reason why it was not handled, the first first.
    ///
    /// - Parameter reader: who is to see its content; that is kept. Nil leaves the content out.
    package func message(_ id: UUID, shownTo reader: String? = nil) async throws -> ParkedMessage? {
        let rows = try await database.query(
            """
            with shown as (
                insert into parked_readings (message_id, principal)
                select message_id, \(reader as String?) from parked
                where message_id = \(id) and \(reader as String?) is not null
            )
            select message_id, type, code, detail, times, byte_count, sha256, parked_at, resolved_at, resolution,
                case when \(reader as String?) is not null then body end
            from parked where message_id = \(id)
            """)
        guard let row = rows.first else { return nil }
        let failures = try await database.query(
            "select at, code, detail from failures where message_id = \(id) order by at"
        ).map { row in
            let (at, code, detail) = try row.decode(Date.self, String.self, String.self)
            return ParkedMessage.Failure(at: at, code: code, detail: detail)
        }
        let (id, type, code, detail, times, bytes, sha256, parkedAt, resolvedAt, resolution, body) = try row.decode(
            UUID.self, String.self, String.self, String.self, Int.self, Int.self, String.self, Date.self,
            Date?.self, String?.self, Data?.self)
        return ParkedMessage(
            id: id, service: service.rawValue, type: type, code: code, detail: detail, times: times,
            failures: failures, byteCount: bytes, sha256: sha256, parkedAt: parkedAt, resolvedAt: resolvedAt,
            resolution: resolution, body: body.map { String(decoding: $0, as: UTF8.self) })
    }

    /// Puts a message among those to be tried again, under its original id. False when it is not parked, was replayed
    /// before, or was too large to keep.
    package func replay(_ id: UUID) async throws -> Bool {
        try await replay(id: id, code: nil, type: nil) == 1
    }

    /// Does so with all messages of a cause, or those among them that are of one type. Returns how many they are.
    package func replay(code: String, type: String? = nil) async throws -> Int {
        try await replay(id: nil, code: code, type: type)
    }

    /// Of those that wait, the ones that have all the traits given.
    private func replay(id: UUID?, code: String?, type: String?) async throws -> Int {
        try await database.execute(
            """
            with waiting as (
                update parked set resolved_at = clock_timestamp(), resolution = 'replayed'
                where resolved_at is null and body is not null
                    and message_id = coalesce(\(id as UUID?), message_id)
                    and code = coalesce(\(code as String?), code) and type = coalesce(\(type as String?), type)
                returning message_id, type, partition_key, correlation_id, traceparent, body
            )
            insert into retries (
                message_id, type, partition_key, correlation_id, traceparent, body, attempts, next_at, code, detail)
            select message_id, type, partition_key, correlation_id, traceparent, body, 0, clock_timestamp(),
                'replayed', 'by an operator'
            from waiting
            on conflict (message_id) do update set next_at = excluded.next_at
            """)
    }
}

/// Parked messages of one cause.
package struct ParkedGroup: Codable, Sendable {
    package let service: String
    package let code: String
    package let type: String
    package let count: Int
    package let since: Date
    package let example: UUID
}

/// One parked message, as a person is shown it.
package struct ParkedMessage: Codable, Sendable {
    package let id: UUID
    package let service: String
    package let type: String
    package let code: String
    package let detail: String
    /// How often it was parked.
    package let times: Int
    /// Each time that it was not handled, as far back as is kept.
    package let failures: [Failure]
    package let byteCount: Int
    package let sha256: String
    package let parkedAt: Date
    package let resolvedAt: Date?
    package let resolution: String?
    package let body: String?

    package struct Failure: Codable, Sendable {
        package let at: Date
        package let code: String
        package let detail: String
    }
}
