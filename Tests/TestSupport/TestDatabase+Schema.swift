import Foundation
package import Postgres

extension TestDatabase {
    /// A service's schema, migrated as `copps migrate` does and seen with a role of its own, as the service sees it, for
    /// the time of one test.
    ///
    /// - Parameter name: of the schema; a new one where nothing depends on it.
    package func withSchema<Value>(
        named name: String? = nil, _ migrations: [Migration],
        _ body: (PostgresConfiguration) async throws -> Value
    ) async throws -> Value {
        // Roles belong to the whole server, schemas to the database.
        let role = "service_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        let schema = name ?? role
        var owner = configuration
        owner.statementTimeout = .seconds(60)
        let administrator = try await PostgresConnection.open(owner)
        let migrator = Migrator(schema: schema, role: role, migrations: migrations)
        _ = try await migrator.migrate(on: administrator)
        try await migrator.setPassword("secret", on: administrator)
        let result: Result<Value, any Error>
        do {
            _ = try await administrator.query("select \(identifier: schema).ensure_partitions(1, 1)")
            result = .success(try await body(configuration(user: role, password: "secret", schema: schema)))
        } catch {
            result = .failure(error)
        }
        try await administrator.execute("drop schema \(identifier: schema) cascade")
        try await administrator.execute("drop owned by \(identifier: role)")
        try await administrator.execute("drop role \(identifier: role)")
        await administrator.close()
        return try result.get()
    }
}
