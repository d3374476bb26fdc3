import Contracts
import Foundation
import Messaging
import Postgres

/// The ledger's SQL.
struct FeedStore {
    let transaction: Transaction

    /// The last position given out. Held until commit, so the order of positions is the order of commits and a reader
    /// who saw position n will never later find one below it.
    func lockHead() async throws -> Int {
        try await transaction.query("select last from feed_head for update").first?.decode(Int.self) ?? 0
    }

    func append(_ state: AppendToFeed.State, _ policy: DisclosurePolicy) throws {
        let rows = state.appended
        guard !rows.isEmpty else { return }
        let types = rows.map(\.event.envelope.type)
        let parts = try rows.map { row in
            let rules = policy.rules(for: row.event.envelope.type)
            let isOpen = { path in rules?.fieldClass(of: path) == "operational" }
            return (
                open: JSONB(bytes: try row.event.content.filter(isOpen).data),
                restricted: JSONB(bytes: try row.event.content.filter { !isOpen($0) }.data)
            )
        }
        // What is appended under a policy can be rendered for ever: the two are committed together.
        transaction.enqueue(
            """
            insert into policies (sha256, text) values (\(policy.hash), \(policy.text))
            on conflict (sha256) do nothing
            """)
        transaction.enqueue(
            """
            insert into feed (
                position, message_id, type, source, time, correlation_id, call_id, classification, agencies, open,
                restricted, sha256, policy)
            select m.position, m.id, m.type, m.source, m.time, m.correlation, m.call, m.classification,
                string_to_array(m.agencies, ','), m.open, m.restricted, m.sha256, \(policy.hash)
            from unnest(
                \(rows.map(\.position)), \(rows.map(\.event.envelope.id)), \(types),
                \(types.map { "/copps/" + ($0.split(separator: ".").first.map(String.init) ?? "") }),
                \(rows.map { $0.event.envelope.time ?? $0.at }), \(rows.map(\.event.envelope.correlation)),
                \(rows.map { FeedEvent.call(in: $0.event.content)?.uuid }),
                \(rows.map { $0.event.envelope.classification?.rawValue ?? "unknown" }),
                \(rows.map { FeedEvent.agencies(in: $0.event.content).map(\.rawValue).joined(separator: ",") }),
                \(parts.map(\.open)), \(parts.map(\.restricted)), \(rows.map(\.event.envelope.data.sha256))
            ) as m(
                position, id, type, source, time, correlation, call, classification, agencies, open, restricted, sha256)
            """)
        transaction.enqueue("update feed_head set last = \(state.last)")
        let consents = state.consents.sorted { $0.key < $1.key }
        guard !consents.isEmpty else { return }
        transaction.enqueue(
            """
            insert into consents (call_id, consent, at)
            select * from unnest(
                \(consents.map(\.key)), \(consents.map(\.value.consent.rawValue)), \(consents.map(\.value.at)))
            on conflict (call_id) do update set consent = excluded.consent, at = excluded.at
            where consents.at <= excluded.at
            """)
    }
}
