import Contracts
import Foundation
import Postgres
import ServiceKit

/// Partners, and the tokens they read their feeds with.
struct PartnerStore: Sendable {
    let database: PostgresClient
    let principals: PrincipalStore

    /// Returns the new partner's token, or nil when the id is taken.
    func add(_ partner: Partner) async throws -> String? {
        let added = try await database.execute(
            """
            insert into partners (id, name, class, agency)
            values (\(partner.id), \(partner.name), \(partner.class), \(partner.agency?.rawValue as String?))
            on conflict (id) do update set
                name = excluded.name, class = excluded.class, agency = excluded.agency, removed_at = null
            where partners.removed_at is not null
            """)
        guard added == 1 else { return nil }
        var random = SystemRandomNumberGenerator()
        let token = Token.make(using: &random)
        let principal = Principal(name: partner.id, role: .partner, agency: partner.agency)
        if try await principals.add(principal, tokenHash: Token.hash(token)) { return token }
        // Somebody who is no partner has this name; their token is not ours to end.
        _ = try await forget(partner.id)
        return nil
    }

    func partner(_ id: String) async throws -> Partner? {
        try await database.query(
            "select id, name, class, agency from partners where id = \(id) and removed_at is null"
        ).first.map(partner)
    }

    func all() async throws -> [Partner] {
        try await database.query(
            "select id, name, class, agency from partners where removed_at is null order by id"
        ).map(partner)
    }

    /// False when there is no such partner. The token ends first, so that what is cut short can be done again.
    func remove(_ id: String) async throws -> Bool {
        guard try await partner(id) != nil else { return false }
        _ = try await principals.revoke(id)
        return try await forget(id)
    }

    private func forget(_ id: String) async throws -> Bool {
        try await database.execute(
            "update partners set removed_at = clock_timestamp() where id = \(id) and removed_at is null") == 1
    }

    private func partner(_ row: Row) throws -> Partner {
        let (id, name, partnerClass, agency) = try row.decode(String.self, String.self, String.self, String?.self)
        return Partner(id: id, name: name, class: partnerClass, agency: agency.map(AgencyID.init(rawValue:)))
    }
}
