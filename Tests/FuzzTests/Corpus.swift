import Contracts
import Foundation

/// Right documents, to make wrong ones of: the golden messages, and in `Corpus` what is at the edge of being right.
enum Corpus {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static func golden(startingWith prefix: String = "") throws -> [[UInt8]] {
        try documents(in: "ContractsTests/Golden", startingWith: prefix)
    }

    static func edges() throws -> [[UInt8]] {
        try documents(in: "FuzzTests/Corpus", startingWith: "")
    }

    private static func documents(in folder: String, startingWith prefix: String) throws -> [[UInt8]] {
        let folder = tests.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }
            .map { Array(try Data(contentsOf: folder.appending(path: $0))) }
    }
}
