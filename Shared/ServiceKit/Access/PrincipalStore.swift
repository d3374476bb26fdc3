package import Contracts
package import Foundation
package import Postgres

/// The principals of one service: the operator, who is configured, and those in its table `principals`.
///
/// A token is looked up by its hash at every request, so a revocation takes effect at once.
package struct PrincipalStore: Sendable {
    private let database: PostgresClient
    private let operatorTokenHash: Data

    package init(_ database: PostgresClient, operatorTokenHash: Data) {
        self.database = database
        self.operatorTokenHash = operatorTokenHash
    }

    /// A principal as it is listed; its token is not known any more.
    package struct Record: Sendable, Equatable, Encodable {
        package let name: String
        package let role: String
        package let agency: AgencyID?
        package let createdAt: Date
        package let revokedAt: Date?
    }

    /// Nil when nobody has this token, or its owner no longer has a role that this version knows.
    package func principal(token: String) async throws -> Principal? {
        let hash = Token.hash(token)
        if hash == operatorTokenHash { return Principal(name: "operator", role: .operator) }
        let rows = try await database.query(
            "select name, role, agency from principals where token_sha256 = \(hash) and revoked_at is null")
        guard let row = rows.first else { return nil }
        let (name, role, agency) = try row.decode(String.self, String.self, String?.self)
        return Role(rawValue: role).map {
            Principal(name: name, role: $0, agency: agency.map(AgencyID.init(rawValue:)))
        }
    }

    /// False when the name is taken.
    package func add(_ principal: Principal, tokenHash: Data) async throws -> Bool {
        let agency = principal.agency?.rawValue
        return try await database.execute(
            """
            insert into principals (token_sha256, name, role, agency)
            values (\(tokenHash), \(principal.name), \(principal.role.rawValue), \(agency as String?))
            on conflict (name) where revoked_at is null do nothing
            """) == 1
    }

    package func list() async throws -> [Record] {
        let rows = try await database.query(
            "select name, role, agency, created_at, revoked_at from principals order by name, created_at")
        return try rows.map { row in
            let (name, role, agency, created, revoked) = try row.decode(
                String.self, String.self, String?.self, Date.self, Date?.self)
            return Record(
                name: name, role: role, agency: agency.map(AgencyID.init(rawValue:)), createdAt: created,
                revokedAt: revoked)
        }
    }

    /// False when no token in force has this name.
    package func revoke(_ name: String) async throws -> Bool {
        try await database.execute(
            "update principals set revoked_at = now() where name = \(name) and revoked_at is null") > 0
    }
}
