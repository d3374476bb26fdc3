package import Logging
import ServiceLifecycle
package import Threading

/// A service's access to its database: a pool of connections.
///
/// Usable from the start; connections are opened when needed. ``run()`` holds the pool until graceful shutdown and then
/// closes it, so it must be started before, and is shut down after, the services that use it. One that is not run ends
/// its connections when it is released.
package final class PostgresClient: Service {
    private let pool: ConnectionPool

    /// - Parameter thread: for all connections; each has its own otherwise.
    package init(
        _ configuration: PostgresConfiguration, maximumConnections: Int = 5, on thread: OwnThread? = nil,
        logger: Logger
    ) {
        pool = ConnectionPool(configuration, maximum: maximumConnections, thread: thread, logger: logger)
    }

    package func run() async throws {
        try? await gracefulShutdown()  // a cancellation ends the service as well
        pool.close()
    }

    package func query(_ sql: SQL) async throws -> [Row] {
        try await withConnection { try await $0.query(sql) }
    }

    /// Returns the number of rows affected.
    @discardableResult
    package func execute(_ sql: SQL) async throws -> Int {
        try await withConnection { try await $0.execute(sql) }
    }

    /// BEGIN, the body, COMMIT; ROLLBACK when the body throws. See ``PostgresConnection/transaction(_:)``.
    package func transaction<Value: Sendable>(
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        try await withConnection { try await $0.transaction(body) }
    }

    /// Lends one connection to the body, which must not keep it.
    package func withConnection<Value: Sendable>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await pool.lend()
        defer { pool.takeBack(connection) }
        return try await body(connection)
    }
}
