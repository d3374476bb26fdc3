/// Why a rule file cannot be used: every mistake in it, each with its line and what to do.
struct RuleSetError: Error, Sendable, Equatable, CustomStringConvertible {
    let file: String
    let mistakes: [Mistake]

    struct Mistake: Sendable, Equatable {
        let line: Int
        let problem: String
        let fix: String
    }

    /// A line a mistake.
    var lines: [String] { mistakes.map { "\(file):\($0.line): \($0.problem). Fix: \($0.fix)." } }

    var description: String { lines.joined(separator: "\n") }
}
