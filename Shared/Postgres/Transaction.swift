import Synchronization

/// One database transaction in the hands of its body.
///
/// BEGIN and what is enqueued are sent together with the next query, execute or the final COMMIT: a transaction that
/// reads once and then only enqueues costs two round trips. For one task at a time.
package struct Transaction: Sendable {
    private let connection: PostgresConnection
    private let progress = Progress()

    private final class Progress: Sendable {
        let state = Mutex(State())

        struct State {
            var pending: [SQL] = ["begin"]
            var hasBegun = false
            /// The first failure, or the end: nothing can be done any more.
            var end: PostgresError?
        }
    }

    fileprivate init(on connection: PostgresConnection) {
        self.connection = connection
    }

    package func query(_ sql: SQL) async throws -> [Row] {
        try await run(sql, "query").rows
    }

    /// Returns the number of rows affected.
    @discardableResult
    package func execute(_ sql: SQL) async throws -> Int {
        try await run(sql, "execute").affectedRows
    }

    /// Sent with whatever follows. A failure is thrown there.
    package func enqueue(_ sql: SQL) {
        progress.state.withLock { $0.pending.append(sql) }
    }

    /// Runs a script of several statements.
    func script(_ text: String) async throws {
        _ = try await run("select", "begin")
        try await connection.script(text)
    }

    private func run(_ sql: SQL, _ operation: String, isShielded: Bool = false) async throws -> PostgresResult {
        let batch = try progress.state.withLock { state in
            if let end = state.end { throw end }
            defer { state.pending = [] }
            state.hasBegun = true
            return state.pending + [sql]
        }
        do {
            return try await connection.exchange(batch, operation, isShielded: isShielded)
        } catch {
            end(with: error as? PostgresError)
            throw error
        }
    }

    private func end(with error: PostgresError? = nil) {
        let end =
            error ?? PostgresError(code: .transactionEnded, operation: "transaction", message: "it has ended")
        progress.state.withLock { $0.end = $0.end ?? end }
    }

    /// Goes on when the task is cancelled: the body has done its work.
    fileprivate func commit() async throws {
        let (isEmpty, failure) = progress.state.withLock { (!$0.hasBegun && $0.pending.count == 1, $0.end) }
        if let failure { throw failure }
        defer { end() }
        if isEmpty { return }
        let isAlreadyLost = connection.isLost
        do {
            let answer = try await run("commit", "commit", isShielded: true)
            guard answer.command == "COMMIT" else {
                throw PostgresError(code: .transactionEnded, operation: "commit", message: "it was rolled back")
            }
        } catch let error as PostgresError where connection.isLost && !isAlreadyLost {
            throw PostgresError(
                code: .commitUnknown, operation: "commit", sqlState: error.sqlState, message: error.message)
        }
    }

    /// Whatever happens here, the transaction is not committed: at worst the session ends.
    fileprivate func rollback() async {
        end()
        guard !connection.isLost, !connection.condition.withLock(\.isIdle) else { return }
        do {
            _ = try await connection.exchange(["rollback"], "rollback", isShielded: true)
        } catch {
            await connection.close()
        }
    }
}

extension PostgresConnection {
    /// BEGIN, the body, COMMIT; ROLLBACK when the body throws. The body runs where the caller runs.
    ///
    /// Throws ``PostgresError/Code/commitUnknown`` when COMMIT was sent and its answer was lost.
    package nonisolated func transaction<Value: Sendable>(
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        let wasInTransaction = condition.withLock { condition in
            defer { condition.isInTransaction = true }
            return condition.isInTransaction
        }
        guard !wasInTransaction else {
            throw PostgresError(code: .busy, operation: "begin", message: "a transaction is already open")
        }
        defer { condition.withLock { $0.isInTransaction = false } }
        let transaction = Transaction(on: self)
        do {
            let value = try await body(transaction)
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollback()
            throw error
        }
    }
}
