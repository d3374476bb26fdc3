/// Brings one schema to the state this program expects, and gives its role the use of it.
///
/// Run by an owner of the database on a connection whose statement timeout allows the longest migration. Running it
/// again changes nothing; two at once take turns. Each migration is a transaction. The role can log in, read and write
/// rows and use sequences, but create nothing; a migration may take rights away from it again.
package struct Migrator: Sendable {
    private let schema: String
    private let role: String
    private let migrations: [Migration]

    package init(schema: String, role: String, migrations: [Migration]) {
        self.schema = schema
        self.role = role
        self.migrations = migrations
    }

    /// Returns the names of the migrations that were applied now.
    ///
    /// Throws ``PostgresError/Code/migration``, naming it, when an applied migration was changed, or when the database
    /// has one that this program does not know, because a newer program has been at work. An error closes the connection.
    package func migrate(on connection: PostgresConnection) async throws -> [String] {
        let key = "copps migrate \(schema)"
        _ = try await connection.query("select pg_advisory_lock(hashtextextended(\(key), 0))")
        do {
            let applied = try await applyPending(on: connection)
            _ = try await connection.query("select pg_advisory_unlock(hashtextextended(\(key), 0))")
            return applied
        } catch {
            await connection.close()  // releases the lock, whatever happened
            throw error
        }
    }

    /// Sets the role's password; only its verifier travels.
    package func setPassword(_ password: String, on connection: PostgresConnection) async throws {
        let verifier = try await connection.passwordVerifier(password, role: role)
        try await connection.execute("alter role \(identifier: role) password '\(unescaped: verifier)'")
    }

    private func applyPending(on connection: PostgresConnection) async throws -> [String] {
        try await createRole(on: connection)
        try await connection.transaction(createSchema)
        let applied = try await appliedMigrations(on: connection)
        try check(applied)
        let pending = migrations.filter { applied[$0.name] == nil }
        for migration in pending {
            try await connection.transaction { transaction in
                // Functions that run with the owner's rights keep this path. Unless it is named last, anybody's temporary
                // tables come before the schema's own.
                try await transaction.script("set local search_path = \(SQL.quoted(identifier: schema)), pg_temp")
                try await transaction.script(migration.sql)
                transaction.enqueue(
                    """
                    insert into \(identifier: schema).schema_migration (name, sha256)
                    values (\(migration.name), \(migration.sha256))
                    """)
            }
        }
        try await connection.execute(
            "grant execute on all functions in schema \(identifier: schema) to \(identifier: role)")
        return pending.map(\.name)
    }

    /// Roles belong to the whole server, so another schema's or database's migrator may be creating it right now.
    private func createRole(on connection: PostgresConnection) async throws {
        guard try await connection.query("select from pg_roles where rolname = \(role)").isEmpty else { return }
        do {
            try await connection.execute("create role \(identifier: role) login")
        } catch let error as PostgresError where error.sqlState == "42710" || error.isUniqueViolation {}
    }

    /// Rights come with the tables, by default privileges, so that a migration can revoke one for good.
    private func createSchema(in transaction: Transaction) async throws {
        transaction.enqueue("create schema if not exists \(identifier: schema)")
        transaction.enqueue("grant usage on schema \(identifier: schema) to \(identifier: role)")
        transaction.enqueue(
            """
            create table if not exists \(identifier: schema).schema_migration (
                name text constraint schema_migration_pkey primary key,
                sha256 text not null,
                applied_at timestamptz not null default now())
            """)
        transaction.enqueue("grant select on \(identifier: schema).schema_migration to \(identifier: role)")
        transaction.enqueue(
            """
            alter default privileges in schema \(identifier: schema)
            grant select, insert, update, delete on tables to \(identifier: role)
            """)
        transaction.enqueue(
            """
            alter default privileges in schema \(identifier: schema)
            grant usage, select on sequences to \(identifier: role)
            """)
    }

    private func appliedMigrations(on connection: PostgresConnection) async throws -> [String: String] {
        let rows = try await connection.query("select name, sha256 from \(identifier: schema).schema_migration")
        return try Dictionary(rows.map { try $0.decode(String.self, String.self) }) { _, latest in latest }
    }

    private func check(_ applied: [String: String]) throws {
        let known = Dictionary(migrations.map { ($0.name, $0.sha256) }) { first, _ in first }
        guard known.count == migrations.count else { throw refusal("two migrations have the same name") }
        for (name, sha256) in applied.sorted(by: { $0.key < $1.key }) {
            guard let expected = known[name] else {
                throw refusal("\(schema) has migration \(name), which this program does not know")
            }
            guard expected == sha256 else { throw refusal("\(schema): the applied migration \(name) was changed") }
        }
    }

    private func refusal(_ message: String) -> PostgresError {
        PostgresError(code: .migration, operation: "migrate", message: message)
    }
}

extension PostgresConnection {
    fileprivate func passwordVerifier(_ password: String, role: String) async throws -> String {
        try await exclusively("password") { libpq in try libpq.passwordVerifier(password, role: role) }
    }
}
