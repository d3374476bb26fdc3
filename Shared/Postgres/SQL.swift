/// One statement and its values.
///
/// Interpolation binds: `"select … where id = \(id)"` is the text `… where id = $1` and a value in PostgreSQL's binary
/// form, so no value can become syntax. All values of a statement lie in one arena. Equal texts share one prepared
/// statement per connection, so a text should not vary.
package struct SQL: Sendable {
    package private(set) var text: String
    /// The type of each value.
    private(set) var types: [UInt32] = []
    /// The length of each value in the arena; -1 is null.
    private(set) var lengths: [Int32] = []
    private(set) var arena = PostgresBuffer()

    /// A statement without values whose text is taken as it is.
    package init(unescaped text: String) {
        self.text = text
    }

    /// A name as SQL writes it, quoted.
    package static func quoted(identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Throws when the protocol has no room for it.
    func check() throws(PostgresError) {
        guard arena.bytes.count < 1 << 30, types.count < 1 << 16 else {
            throw PostgresError(
                code: .unsupported, operation: "execute", message: "too many or too large values", statement: text)
        }
    }

    private mutating func bind<Value: PostgresEncodable>(_ value: Value) {
        types.append(Value.postgresType.id)
        let start = arena.bytes.count
        if value.isNull {
            lengths.append(-1)
        } else {
            value.encode(into: &arena)
            lengths.append(Int32(clamping: arena.bytes.count - start))
        }
        text += "$\(types.count)"
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init(unescaped: text)
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(unescaped: "")

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + interpolationCount * 3)
            sql.types.reserveCapacity(interpolationCount)
            sql.lengths.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            sql.text += literal
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            sql.bind(value)
        }

        /// A table's, schema's or role's name, quoted.
        package mutating func appendInterpolation(identifier: String) {
            sql.text += SQL.quoted(identifier: identifier)
        }

        /// Text that becomes part of the statement: never anything that came from outside.
        package mutating func appendInterpolation(unescaped text: String) {
            sql.text += text
        }
    }
}
