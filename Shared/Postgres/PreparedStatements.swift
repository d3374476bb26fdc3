/// The statements that one session has prepared, by text and parameter types.
struct PreparedStatements {
    struct Key: Hashable {
        let text: String
        let types: [UInt32]

        init(_ sql: SQL) {
            (text, types) = (sql.text, sql.types)
        }
    }

    /// Beyond this many a statement is prepared without a name each time it is used.
    private static let limit = 500
    private var names: [Key: String] = [:]
    private var created = 0

    subscript(_ key: Key) -> String? { names[key] }

    /// A name nobody uses; empty when there are too many already.
    mutating func newName() -> String {
        guard names.count < Self.limit else { return "" }
        created += 1
        return "s\(created)"
    }

    mutating func remember(_ key: Key, _ name: String) {
        if !name.isEmpty { names[key] = name }
    }

    /// The next use prepares it again under another name.
    mutating func forget(_ key: Key) {
        names[key] = nil
    }
}
