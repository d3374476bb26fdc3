import Foundation

/// What came out, for people or for programs.
protocol BenchReport: Encodable {
    /// With tables as Markdown has them.
    var text: String { get }
}

extension BenchReport {
    func print(asJSON: Bool) throws {
        guard asJSON else { return Swift.print(text) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }

    /// A table's head and rows, the first column for what is measured.
    func table(_ columns: [String], _ rows: [(what: String, cells: [String])]) -> [String] {
        let lines = ([("", columns)] + rows).map { "| \($0) | \($1.joined(separator: " | ")) |" }
        return [lines[0], "|" + String(repeating: "---|", count: columns.count + 1)] + lines.dropFirst()
    }
}
