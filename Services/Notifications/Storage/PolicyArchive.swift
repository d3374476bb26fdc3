import Postgres
import Synchronization

/// The policy in force and all that events were ever appended under, by hash. A policy never changes, so each is read
/// once.
final class PolicyArchive: Sendable {
    let current: DisclosurePolicy
    private let database: PostgresClient
    private let known: Mutex<[String: DisclosurePolicy]>

    init(database: PostgresClient, current: DisclosurePolicy) {
        self.database = database
        self.current = current
        known = Mutex([current.hash: current])
    }

    func all() async throws -> [String: DisclosurePolicy] {
        let hashes = known.withLock { Array($0.keys) }
        var read: [String: DisclosurePolicy] = [:]
        for row in try await database.query("select sha256, text from policies where not sha256 = any(\(hashes))") {
            let (hash, text) = try row.decode(String.self, String.self)
            read[hash] = try DisclosurePolicy(yaml: text, file: "policy \(hash)")
        }
        return known.withLock { known in
            known.merge(read) { first, _ in first }
            return known
        }
    }
}
