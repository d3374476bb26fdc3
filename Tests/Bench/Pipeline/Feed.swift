import Contracts
import Foundation
import Postgres

/// Follows notifications' ledger and notes when the events of each call came to be in it.
struct Feed {
    private let session: PostgresConnection
    private var position: Int
    /// By type, without its version.
    private(set) var arrivals: [String: [UUID: ContinuousClock.Instant]] = [:]
    private(set) var count = 0

    init(_ session: PostgresConnection) async throws {
        self.session = session
        position =
            try await session.query("select coalesce(max(position), 0) from notifications.feed").first?
            .decode(Int.self) ?? 0
    }

    /// Reads on; false when there was nothing new.
    mutating func advance() async throws -> Bool {
        let rows = try await session.query(
            """
            select position, type, call_id from notifications.feed
            where position > \(position) order by position limit 5000
            """)
        let now = ContinuousClock.now
        for row in rows {
            let (position, type, call) = try row.decode(Int.self, String.self, UUID?.self)
            self.position = position
            count += 1
            if let call, arrivals[type]?[call] == nil { arrivals[type, default: [:]][call] = now }
        }
        return !rows.isEmpty
    }

    func arrivals(of type: String) -> [UUID: ContinuousClock.Instant] { arrivals[type] ?? [:] }

    /// Reads on until so many calls have an event of the type.
    mutating func await(_ type: String, of calls: Int, polling pause: Duration, within time: Duration) async throws {
        let deadline = ContinuousClock.now + time
        while arrivals(of: type).count < calls {
            if try await !advance() { try await Task.sleep(for: pause) }
            guard ContinuousClock.now < deadline else {
                throw TooSlow(description: "\(arrivals(of: type).count) of \(calls) calls have \(type) after \(time)")
            }
        }
    }

    struct TooSlow: Error, CustomStringConvertible {
        let description: String
    }
}
