import Logging
import Synchronization
import Threading

/// Lends connections, at most a fixed number at once, opened when they are first needed.
///
/// Waiting tasks are served in the order they came. A connection is taken back only when it is alive and outside a
/// transaction. One that has rested, or rested when another was lost, is looked at before it is lent.
final class ConnectionPool: Sendable {
    private let configuration: PostgresConfiguration
    private let maximum: Int
    /// Of all connections; each has its own otherwise.
    private let thread: OwnThread?
    private let logger: Logger
    private let state = Mutex(State())
    private static let restNeedingCheck = Duration.seconds(1)

    private struct State {
        var idle: [(connection: PostgresConnection, since: ContinuousClock.Instant)] = []
        /// Lent, idle and being opened.
        var total = 0
        var waiters: [(id: Int, continuation: CheckedContinuation<Grant, any Error>)] = []
        var lastID = 0
        var lastLoss: ContinuousClock.Instant?
        var isClosed = false
    }

    private enum Grant {
        case connection(PostgresConnection, needsCheck: Bool)
        case permissionToOpen
    }

    init(_ configuration: PostgresConfiguration, maximum: Int, thread: OwnThread?, logger: Logger) {
        self.configuration = configuration
        self.maximum = max(1, maximum)
        self.thread = thread
        self.logger = logger
    }

    func lend() async throws -> PostgresConnection {
        guard case .connection(let connection, let needsCheck) = try await grant() else { return try await open() }
        if needsCheck { await connection.checkIdle() }
        guard connection.isLost else { return connection }
        noteLoss()
        return try await open()
    }

    func takeBack(_ connection: PostgresConnection) {
        let isReusable = connection.condition.withLock { $0.isIdle && !$0.isLost && !$0.isInTransaction }
        if !isReusable { noteLoss() }
        passOn(isReusable ? connection : nil)
    }

    /// Gives a connection, or the place of one that is gone, to whoever waits longest.
    private func passOn(_ connection: PostgresConnection?) {
        state.withLock { state in
            if !state.waiters.isEmpty {
                state.waiters.removeFirst().continuation.resume(
                    returning: connection.map { .connection($0, needsCheck: false) } ?? .permissionToOpen)
            } else if let connection, !state.isClosed {
                state.idle.append((connection, .now))
            } else {
                state.total -= 1
            }
        }
    }

    private func noteLoss() {
        state.withLock { $0.lastLoss = .now }
        logger.warning("database connection dropped")
    }

    /// Ends idle connections now and lent ones when they come back. Nothing is lent any more.
    func close() {
        let (idle, waiters) = state.withLock { state in
            defer { (state.idle, state.waiters, state.isClosed) = ([], [], true) }
            state.total -= state.idle.count
            return (state.idle, state.waiters)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: Self.closed) }
        extendLifetime(idle)  // released here, outside the lock
    }

    private func grant() async throws -> Grant {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Grant, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.isClosed { return .failure(Self.closed) }
                    if let (connection, since) = state.idle.popLast() {
                        let isSuspect = state.lastLoss.map { $0 >= since } ?? false
                        let hasRested = ContinuousClock.now - since > Self.restNeedingCheck
                        return .success(.connection(connection, needsCheck: isSuspect || hasRested))
                    }
                    if state.total < maximum {
                        state.total += 1
                        return .success(.permissionToOpen)
                    }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func open() async throws -> PostgresConnection {
        do {
            return try await PostgresConnection.open(configuration, on: thread ?? OwnThread(name: "postgres"))
        } catch is CancellationError {
            passOn(nil)
            throw CancellationError()
        } catch {
            // Who still waits would wait for nothing if no connection is left.
            let waiters = state.withLock { state in
                state.total -= 1
                defer { if state.total == 0 { state.waiters = [] } }
                return state.total == 0 ? state.waiters : []
            }
            for waiter in waiters { waiter.continuation.resume(throwing: error) }
            throw error
        }
    }

    private static var closed: PostgresError {
        PostgresError(code: .closed, operation: "connect", message: "the client has been shut down")
    }
}
