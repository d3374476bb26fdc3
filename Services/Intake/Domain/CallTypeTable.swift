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
            table = try CSV<Named>(string: text)
        } catch {
            throw ConfigurationProblem(file: file, line: nil, what: "is not CSV (\(error))")
        }
        for column in ["code", "common"] where !table.header.contains(column) {
            throw ConfigurationProblem(file: file, line: 1, what: "has no column `\(column)`; the first line names them")
        }
        var common: [String: String] = [:]
        for (index, row) in table.rows.enumerated() {
            let (code, type) = (row["code"] ?? "", row["common"] ?? "")
            guard !code.isEmpty, !type.isEmpty else {
                throw ConfigurationProblem(file: file, line: index + 2, what: "needs both a code and a common type")
            }
            guard common.updateValue(type, forKey: code.uppercased()) == nil else {
                throw ConfigurationProblem(file: file, line: index + 2, what: "repeats code \(code); remove one of them")
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

/// A configuration file that cannot be used, and what to do about it.
struct ConfigurationProblem: Error, CustomStringConvertible {
    let file: String
    let line: Int?
    let what: String

    var description: String { line.map { "\(file), line \($0): \(what)" } ?? "\(file): \(what)" }
}
