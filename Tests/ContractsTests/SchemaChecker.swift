import Contracts
import Foundation

/// Validates messages with Python's `jsonschema`, which nobody here wrote.
enum SchemaChecker {
    struct Case: Encodable {
        /// The message's name.
        let schema: String
        let instance: JSON
    }

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// What is wrong with each case; nil when it is valid. Throws when Python or the package is missing, or when a
    /// schema is itself invalid.
    static func errors(in cases: [Case]) throws -> [String?] {
        let input = FileManager.default.temporaryDirectory.appending(path: "copps-cases-\(UUID()).json")
        try ContractJSON.encode(cases).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = Golden.sources.appending(path: "check_schemas.py")
        process.arguments = ["python3", "-W", "ignore", script.path, Golden.schemas.path, input.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Unavailable(
                description: """
                    The schemas could not be checked. python3 with the package jsonschema is needed \
                    (`pip install jsonschema`). It said: \(String(decoding: answer, as: UTF8.self))
                    """)
        }
        return try JSONDecoder().decode([String?].self, from: answer)
    }
}
