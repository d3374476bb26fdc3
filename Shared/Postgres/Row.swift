/// One row of a result: a view that keeps the whole result alive, so that rows cost nothing each.
package struct Row: Sendable {
    let result: PostgresResult
    let index: Int32

    /// All columns by position: `let (id, name) = try row.decode(UUID.self, String?.self)`.
    ///
    /// Throws ``PostgresError/Code/decoding``, naming the column, when the number of columns, a type or a value does
    /// not fit.
    package func decode<each Value: PostgresDecodable>(
        _ types: repeat (each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        var expected: Int32 = 0
        for _ in repeat each types { expected += 1 }
        try check(expected)
        var column: Int32 = 0
        return (repeat try next((each Value).self, &column))
    }

    /// The only column.
    package func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value {
        try check(1)
        var column: Int32 = 0
        return try next(type, &column)
    }

    private func check(_ expected: Int32) throws(PostgresError) {
        guard expected == result.columnCount else {
            throw PostgresError(
                code: .decoding, operation: "decode", message: "\(result.columnCount) columns, expected \(expected)")
        }
    }

    private func next<Value: PostgresDecodable>(
        _: Value.Type, _ column: inout Int32
    ) throws(PostgresError) -> Value {
        defer { column += 1 }
        do throws(PostgresMismatch) {
            return try result.value(row: index, column: column)
        } catch {
            throw PostgresError(
                code: .decoding, operation: "decode",
                message: "column \(result.name(ofColumn: column)) as \(Value.self): \(error.reason)")
        }
    }
}
