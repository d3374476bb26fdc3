import CPostgres

/// One result of libpq, freed with the object.
// SAFETY: libpq never changes a PGresult after returning it, and only deinit frees it.
final class PostgresResult: @unchecked Sendable {
    private let result: OpaquePointer
    let columnCount: Int32

    init(_ result: OpaquePointer) {
        self.result = result
        columnCount = PQnfields(result)
    }

    deinit { PQclear(result) }

    enum Status {
        case done, pipelineAborted, pipelineEnd, failed, unexpected
    }

    var status: Status {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: .done
        case PGRES_PIPELINE_ABORTED: .pipelineAborted
        case PGRES_PIPELINE_SYNC: .pipelineEnd
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: .failed
        default: .unexpected
        }
    }

    var rows: [Row] { (0..<PQntuples(result)).map { Row(result: self, index: $0) } }

    /// Rows inserted, updated, deleted or selected.
    var affectedRows: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The completed command's name, for example `COMMIT`.
    var command: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    func name(ofColumn column: Int32) -> String {
        PQfname(result, column).map { String(cString: $0) } ?? "\(column)"
    }

    func value<Value: PostgresDecodable>(row: Int32, column: Int32) throws(PostgresMismatch) -> Value {
        defer { extendLifetime(self) }
        var bytes: UnsafeRawBufferPointer?
        if PQgetisnull(result, row, column) == 0 {
            bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        }
        return try Value(postgres: PostgresCell(type: PQftype(result, column), bytes: bytes))
    }

    /// The server's error, or libpq's own when it has no SQLSTATE.
    func error(_ operation: String, statement: String?) -> PostgresError {
        let state = field("C")
        let code: PostgresError.Code =
            switch (state, field("V")) {
            case (nil, _), (_, "FATAL"), (_, "PANIC"): .connectionLost
            case ("0A000", _) where field("R") == "RevalidateCachedQuery", ("26000", _): .stalePlan
            default: .server
            }
        return PostgresError(
            code: code, operation: operation, sqlState: state,
            message: field("M") ?? String(cString: PQresultErrorMessage(result)), detail: field("D"),
            constraint: field("n"), statement: statement)
    }

    /// libpq's field codes are characters.
    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}
