import Contracts
import Foundation
import Postgres

/// Reads the ledger for one partner and records what was disclosed, in one transaction: nothing is shown that is not on
/// record.
struct FeedReader: Sendable {
    let database: PostgresClient
    let policies: PolicyArchive

    struct Page: Sendable {
        var items: [(event: FeedEvent, shown: JSONTree)] = []
        /// Read on after this position. It passes over what the partner may not see.
        var next: Int
    }

    func page(for partner: Partner, after position: Int, limit: Int) async throws -> Page {
        let now = policies.current
        let archived = try await policies.all()
        return try await database.transaction { transaction in
            let rows = try await transaction.query(
                """
                select f.position, f.message_id, f.type, f.source, f.time, f.correlation_id,
                    array_to_string(f.agencies, ','), f.open, f.restricted, f.policy, c.consent
                from feed f left join consents c on c.call_id = f.call_id
                where f.position > \(position) order by f.position limit \(limit)
                """)
            var page = Page(next: position)
            for row in rows {
                let (event, consent) = try event(row)
                // Appended this moment under a newer policy, by a newer instance: the next page has it.
                guard let then = archived[event.policy] else { break }
                page.next = event.position
                if let shown = event.rendered(for: partner, then: then, now: now, consent: consent) {
                    page.items.append((event, shown))
                }
            }
            try record(page, partner, now, in: transaction)
            return page
        }
    }

    private func event(_ row: Row) throws -> (FeedEvent, Fact) {
        let (position, id, type, source, time, correlation, agencies, open, restricted, policy, consent) =
            try row.decode(
                Int.self, UUID.self, String.self, String.self, Date.self, UUID?.self, String.self, JSONB.self,
                JSONB?.self, String.self, String?.self)
        var content = try JSONTree(open.bytes)
        if let restricted { content = content.merging(try JSONTree(restricted.bytes)) }
        let event = FeedEvent(
            position: position, id: id, type: type, source: source, time: time, correlation: correlation,
            agencies: agencies.split(separator: ",").map { AgencyID(rawValue: String($0)) }, content: content,
            policy: policy)
        return (event, consent.map(Fact.init(rawValue:)) ?? .unknown)
    }

    private func record(
        _ page: Page, _ partner: Partner, _ policy: DisclosurePolicy, in transaction: Transaction
    ) throws {
        guard !page.items.isEmpty else { return }
        transaction.enqueue(
            """
            insert into disclosures (partner, position, fields, policy)
            select \(partner.id), m.position, array(select jsonb_array_elements_text(m.fields)), \(policy.hash)
            from unnest(
                \(page.items.map(\.event.position)),
                \(try page.items.map { JSONB(bytes: try ContractJSON.encode($0.shown.leaves.keys.sorted())) })
            ) as m(position, fields)
            """)
    }
}
