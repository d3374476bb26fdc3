import Contracts
import Foundation

/// Prints results for people and for scripts.
enum Output {
    static func json(_ value: some Encodable) throws {
        print(String(decoding: try ContractJSON.encode(value), as: UTF8.self))
    }

    /// JSON as it came, indented.
    static func pretty(_ data: Data) throws {
        let object = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try JSONSerialization.data(withJSONObject: object, options: options), as: UTF8.self))
    }

    /// Columns as wide as their widest cell; the first row is the heading.
    static func table(_ rows: [[String]]) {
        guard let heading = rows.first else { return }
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            print(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
