/// What is wrong in a roster file, where, and what to do about it. A service with such a file does not start.
struct RosterProblem: Error, Equatable, CustomStringConvertible {
    let file: String
    /// From 1; nil when the file as a whole is meant.
    let line: Int?
    let problem: String
    let fix: String

    var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(problem). Fix: \(fix)."
    }
}
