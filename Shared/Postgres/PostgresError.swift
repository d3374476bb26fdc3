/// Why the database did not do what was asked.
///
/// `description` is safe to log: it never holds values. `debugDescription` has the server's own words, which may quote
/// the data of a row.
package struct PostgresError: Error {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// No session could be opened.
        package static let connectionFailed = Code(description: "connectionFailed")
        /// The session ended, or did not answer in time, before the result was known. Nothing of it was committed,
        /// unless the statement ran outside a transaction.
        package static let connectionLost = Code(description: "connectionLost")
        /// COMMIT was sent and its answer was lost: the transaction may or may not have happened.
        package static let commitUnknown = Code(description: "commitUnknown")
        /// The server refused; `sqlState` says why.
        package static let server = Code(description: "server")
        /// A prepared statement no longer fits its tables; it is prepared anew the next time.
        package static let stalePlan = Code(description: "stalePlan")
        /// The transaction failed earlier, or has ended.
        package static let transactionEnded = Code(description: "transactionEnded")
        /// A value was not of the type asked for.
        package static let decoding = Code(description: "decoding")
        /// A second task used a connection that is already at work.
        package static let busy = Code(description: "busy")
        /// The client has been shut down.
        package static let closed = Code(description: "closed")
        /// A statement that libpq cannot send, or an answer that it does not expect.
        package static let unsupported = Code(description: "unsupported")
        /// An applied migration was changed, or the database has one that this program does not know.
        package static let migration = Code(description: "migration")
    }

    package let code: Code
    /// What was being done: `connect`, `query`, `execute`, `commit` …
    package let operation: String
    package var sqlState: String?
    package var message: String
    package var detail: String?
    /// The violated constraint's name.
    package var constraint: String?
    /// The statement's text; its values are not part of it.
    package var statement: String?

    /// Whether the same work may succeed when it is tried again. After ``Code/commitUnknown`` a retry must be safe to
    /// repeat: it may be the second time.
    package var isTransient: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .commitUnknown, .stalePlan: true
        default: sqlState.map(Self.isTransient(sqlState:)) ?? false
        }
    }

    package var isUniqueViolation: Bool { sqlState == "23505" }

    /// Serialization failure, deadlock, lock or statement timeout, read-only server, shutdown, lack of resources,
    /// connection trouble.
    private static func isTransient(sqlState: String) -> Bool {
        ["40001", "40P01", "55P03", "57014", "25006"].contains(sqlState)
            || ["57P", "53", "08"].contains { sqlState.hasPrefix($0) }
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        let facts = [sqlState, constraint].compactMap(\.self).joined(separator: ", ")
        return "Postgres \(operation): \(code)" + (facts.isEmpty ? "" : " (\(facts))")
    }

    package var debugDescription: String {
        [description, message, detail, statement].compactMap(\.self).joined(separator: " | ")
    }
}
