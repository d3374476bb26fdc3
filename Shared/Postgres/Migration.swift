import Crypto
import Foundation

/// One numbered change of a schema. Once applied anywhere it never changes.
package struct Migration: Sendable {
    /// For example `0001_calls`.
    package let name: String
    /// Statements with unqualified names: the schema is the only one on the search path.
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    var sha256: String {
        SHA256.hash(data: Data(sql.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

extension Migration {
    /// From a file embedded in the executable.
    package init(name: String, embedded bytes: [UInt8]) {
        self.init(name: name, sql: String(decoding: bytes, as: UTF8.self))
    }
}
