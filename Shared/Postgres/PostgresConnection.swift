import CPostgres
import Glibc
import Synchronization
package import Threading

/// One session on the server, confined to a thread that is its own or shared with those it works with.
///
/// For one task at a time: a second one is refused with ``PostgresError/Code/busy``. Every wait has a deadline, the
/// statement timeout and a grace; passing it, or cancelling the task during a statement, ends the session, which rolls
/// back what was not committed. Closed when released.
package actor PostgresConnection {
    package nonisolated let configuration: PostgresConfiguration
    /// Pipelines sent so far: each is one round trip.
    package internal(set) var roundTrips = 0
    package internal(set) var statementsSent = 0

    nonisolated let condition = Mutex(Condition())
    nonisolated private let thread: OwnThread
    nonisolated var executor: ThreadExecutor { thread.executor }
    var libpq: Libpq?
    var statements = PreparedStatements()
    private var isBusy = false

    /// What can be known without a visit to the thread.
    struct Condition {
        var isLost = false
        /// No transaction is open in the session.
        var isIdle = true
        /// A ``Transaction`` is using the connection.
        var isInTransaction = false
    }

    private init(_ configuration: PostgresConfiguration, on thread: OwnThread) {
        self.configuration = configuration
        self.thread = thread
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package static func open(
        _ configuration: PostgresConfiguration, on thread: OwnThread = OwnThread(name: "postgres")
    ) async throws -> PostgresConnection {
        let connection = PostgresConnection(configuration, on: thread)
        try await connection.connect()
        return connection
    }

    /// Whether the session has ended; it does not come back.
    package nonisolated var isLost: Bool { condition.withLock(\.isLost) }

    /// - Parameter before: statements that are run just before it, at no further round trip; all succeed or none does.
    package func query(_ sql: SQL, before: [SQL] = []) async throws -> [Row] {
        try refuseInTransaction("query")
        return try await exchange(before + [sql], "query").rows
    }

    /// Returns the number of rows affected.
    @discardableResult
    package func execute(_ sql: SQL) async throws -> Int {
        try refuseInTransaction("execute")
        return try await exchange([sql], "execute").affectedRows
    }

    package func close() {
        if isBusy, let libpq { shutdown(libpq.socket, Int32(SHUT_RDWR)) }
        lose()
    }

    /// Notices when the server has closed the session while nobody used it.
    func checkIdle() {
        guard !isBusy, let libpq else { return }
        // The first reading may be the server's farewell; the end of the stream is behind it.
        if !libpq.consumeInput() || !libpq.consumeInput() { lose() }
    }

    private func connect() async throws {
        let libpq = try Libpq(connecting: configuration)
        let deadline = ContinuousClock.now + configuration.connectTimeout
        var progress = Libpq.Progress.needsWrite
        while progress != .connected {
            guard progress != .failed, !libpq.isLost else { throw libpq.error(.connectionFailed, "connect") }
            try Task.checkCancellation()
            guard deadline > .now else {
                throw PostgresError(code: .connectionFailed, operation: "connect", message: "no answer in time")
            }
            // In slices, because libpq may change its socket and a cancellation has nothing else to wake.
            let slice = min(deadline - .now, .milliseconds(100))
            let isReady =
                progress == .needsRead
                ? await executor.readable(libpq.socket, within: slice)
                : await executor.writable(libpq.socket, within: slice)
            if isReady { progress = libpq.advance() }
        }
        try libpq.setNonBlocking()
        try libpq.enterPipeline()
        self.libpq = libpq
    }

    /// Has the session to itself while `work` runs, and keeps ``condition`` true.
    func exclusively<Value>(_ operation: String, _ work: (Libpq) async throws -> Value) async throws -> Value {
        guard !isBusy else {
            throw PostgresError(code: .busy, operation: operation, message: "the connection is at work")
        }
        guard let libpq else {
            throw PostgresError(code: .connectionLost, operation: operation, message: "the connection is closed")
        }
        isBusy = true
        defer {
            isBusy = false
            let isIdle = libpq.isIdle
            if libpq.isLost { lose() }
            condition.withLock { $0.isIdle = isIdle }
        }
        return try await work(libpq)
    }

    func lose() {
        libpq = nil
        condition.withLock { $0.isLost = true }
    }

    private func refuseInTransaction(_ operation: String) throws {
        guard !condition.withLock(\.isInTransaction) else {
            throw PostgresError(code: .busy, operation: operation, message: "use the open transaction")
        }
    }
}
