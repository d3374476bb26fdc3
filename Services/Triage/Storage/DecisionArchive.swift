import Contracts
import Foundation
import Postgres

/// Reads what was decided, as it was written then.
struct DecisionArchive: Sendable {
    let database: PostgresClient

    /// All decisions on a call, oldest first, as one JSON document.
    struct History: Sendable {
        let agency: AgencyID
        let json: Data
    }

    func history(of call: CallID) async throws -> History? {
        let rows = try await database.query(
            """
            select c.record #>> '{call,agency}', jsonb_build_object(
                'call', c.call_id, 'agency', c.record #> '{call,agency}', 'number', c.record #> '{call,number}',
                'status', c.status, 'holds', max(d.decision), 'decisions', jsonb_agg(d.document order by d.decision))
            from call_states c join decisions d on d.call_id = c.call_id
            where c.call_id = \(call.uuid)
            group by c.call_id
            """)
        guard let (agency, document) = try rows.first?.decode(String.self, JSONB.self) else { return nil }
        return History(agency: AgencyID(rawValue: agency), json: document.bytes)
    }

    /// A rule set that decisions were made by.
    struct StoredRuleSet: Codable, Sendable {
        let version: String
        let title: String
        let hash: String
        let text: String
    }

    func ruleSet(_ hash: String) async throws -> StoredRuleSet? {
        let rows = try await database.query("select version, title, text from rule_sets where hash = \(hash)")
        guard let (version, title, text) = try rows.first?.decode(String.self, String.self, String.self) else {
            return nil
        }
        return StoredRuleSet(version: version, title: title, hash: hash, text: text)
    }
}
