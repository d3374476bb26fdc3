import CPostgres

/// One libpq connection, freed with the object; used by one thread at a time. Nothing here blocks, except that
/// ``init(connecting:)`` resolves the host's name.
final class Libpq {
    private let connection: OpaquePointer

    /// Begins to connect.
    init(connecting configuration: PostgresConfiguration) throws(PostgresError) {
        guard let connection = PQconnectStart(configuration.connectionString) else {
            throw PostgresError(code: .connectionFailed, operation: "connect", message: "out of memory")
        }
        self.connection = connection
        // The default receiver prints to standard error.
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    enum Progress {
        case needsRead, needsWrite, connected, failed
    }

    /// Continues to connect.
    func advance() -> Progress {
        switch PQconnectPoll(connection) {
        case PGRES_POLLING_READING: .needsRead
        case PGRES_POLLING_WRITING: .needsWrite
        case PGRES_POLLING_OK: .connected
        default: .failed
        }
    }

    /// Changes during connecting, never afterwards.
    var socket: Int32 { PQsocket(connection) }
    var isLost: Bool { PQstatus(connection) == CONNECTION_BAD }
    var isIdle: Bool { PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Whether ``nextResult()`` has nothing to return yet.
    var isWaiting: Bool { PQisBusy(connection) == 1 }

    func setNonBlocking() throws(PostgresError) { try check(PQsetnonblocking(connection, 1) == 0, "connect") }
    func enterPipeline() throws(PostgresError) { try check(PQenterPipelineMode(connection) == 1, "pipeline") }
    func leavePipeline() throws(PostgresError) { try check(PQexitPipelineMode(connection) == 1, "pipeline") }
    func sendSync() throws(PostgresError) { try check(PQpipelineSync(connection) == 1, "pipeline") }

    func sendPrepare(_ sql: SQL, as name: String) throws(PostgresError) {
        let sent = PQsendPrepare(connection, name, sql.text, Int32(clamping: sql.types.count), sql.types)
        try check(sent == 1, "prepare", sql.text)
    }

    /// Sends the values of a prepared statement straight from the statement's arena.
    func sendExecute(_ sql: SQL, prepared name: String) throws(PostgresError) {
        let count = sql.lengths.count
        let sent = sql.arena.bytes.withUnsafeBytes { arena in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { formats in
                    var offset = 0
                    for (index, length) in sql.lengths.enumerated() {
                        values.initializeElement(at: index, to: length < 0 ? nil : arena.pointer(at: offset))
                        formats.initializeElement(at: index, to: 1)
                        offset += max(0, Int(length))
                    }
                    return PQsendQueryPrepared(
                        connection, name, Int32(clamping: count), values.baseAddress, sql.lengths,
                        formats.baseAddress, 1)
                }
            }
        }
        try check(sent == 1, "execute", sql.text)
    }

    /// Sends a script of several statements; only outside a pipeline.
    func sendScript(_ text: String) throws(PostgresError) {
        try check(PQsendQuery(connection, text) == 1, "script", text)
    }

    /// Writes what the socket takes; true when nothing is left.
    func flush() throws(PostgresError) -> Bool {
        let status = PQflush(connection)
        try check(status >= 0, "send")
        return status == 0
    }

    /// Reads what has arrived; false when the connection has ended, though results may be left.
    func consumeInput() -> Bool { PQconsumeInput(connection) == 1 }

    func nextResult() -> PostgresResult? { PQgetResult(connection).map(PostgresResult.init) }

    /// What `alter role … password` stores, so that the password itself need not travel.
    func passwordVerifier(_ password: String, role: String) throws(PostgresError) -> String {
        guard let verifier = PQencryptPasswordConn(connection, password, role, "scram-sha-256") else {
            throw error(.unsupported, "password")
        }
        defer { PQfreemem(verifier) }
        return String(cString: verifier)
    }

    func error(_ code: PostgresError.Code, _ operation: String, statement: String? = nil) -> PostgresError {
        PostgresError(
            code: code, operation: operation, message: String(cString: PQerrorMessage(connection)),
            statement: statement)
    }

    private func check(
        _ isFine: Bool, _ operation: String, _ statement: String? = nil
    ) throws(PostgresError) {
        guard !isFine else { return }
        throw error(isLost ? .connectionLost : .unsupported, operation, statement: statement)
    }
}

extension UnsafeRawBufferPointer {
    /// Never nil, because to libpq a null pointer is a null value, and an empty arena has no address.
    fileprivate func pointer(at offset: Int) -> UnsafePointer<CChar>? {
        baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) } ?? UnsafePointer(bitPattern: 1)
    }
}
