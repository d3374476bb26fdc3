import Contracts
import Foundation
import SwiftCSV

/// An agency's own call-type codes and the common incident types of the EIDO registry that they mean. The agency edits
/// the table: CSV with columns `code`, `description`, `common`.
struct CallTypeTable: Sendable {
    private let common: [String: String]

    /// - Throws: ``ConfigurationProblem`` naming the file, the line and what to mend.
    init(csv text: String, file: String) throws(ConfigurationProblem) {
        let table: CSV<Named>
        do {
            // A spreadsheet may put a byte order mark in front.
            table = try CSV<Named>(string: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
        } catch {
            throw ConfigurationProblem(file: file, line: nil, what: "is not CSV (\(error))")
        }
        for column in ["code", "common"] where !table.header.contains(column) {
            throw ConfigurationProblem(file: file, line: 1, what: "has no column `\(column)`; name it on this line")
        }
        var common: [String: String] = [:]
        for (index, row) in table.rows.enumerated() {
            func problem(_ what: String) -> ConfigurationProblem {
                ConfigurationProblem(file: file, line: index + 2, what: what)
            }
            let code = row["code", default: ""].trimmingCharacters(in: .whitespaces)
            let type = row["common", default: ""].trimmingCharacters(in: .whitespaces)
            if row.values.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
            guard !code.isEmpty, !type.isEmpty else { throw problem("needs both a code and a common type") }
            guard type.wholeMatch(of: /[A-Z0-9]{2,20}/) != nil else {
                throw problem("the common type \(type) must be of capital letters and digits, for example MNTL")
            }
            guard common.updateValue(type, forKey: code.uppercased()) == nil else {
                throw problem("repeats code \(code); remove one of them")
            }
        }
        self.common = common
    }

    /// A code that is not in the table is accepted and marked.
    func type(_ code: String) -> CallType {
        let known = common[code.uppercased()]
        return CallType(code: code, common: known ?? "OTHER", isRecognized: known != nil)
    }
}
