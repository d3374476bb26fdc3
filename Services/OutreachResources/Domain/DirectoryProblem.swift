/// What is wrong in a directory file, where, and what to do about it.
struct DirectoryProblem: Error, Sendable, Equatable, CustomStringConvertible {
    let file: String
    /// From 1; nil when the file as a whole is meant.
    let line: Int?
    let problem: String
    let fix: String

    var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(problem). Fix: \(fix)"
    }
}

/// Every problem of one file: an administrator mends it in one go.
struct DirectoryProblems: Error, Sendable, Equatable, CustomStringConvertible {
    let problems: [DirectoryProblem]

    var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
