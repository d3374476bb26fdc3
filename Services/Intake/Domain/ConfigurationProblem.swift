/// A configuration file that cannot be used, where, and what to do about it.
struct ConfigurationProblem: Error, CustomStringConvertible {
    let file: String
    let line: Int?
    let what: String

    var description: String { line.map { "\(file), line \($0): \(what)" } ?? "\(file): \(what)" }
}
