/// Everything wrong with the configuration, said at once, so that one restart is enough to put it right.
///
/// Names settings and files, never the content of a secret.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    package let problems: [String]

    package init(_ problems: [String]) {
        self.problems = problems
    }

    package var description: String {
        problems.map { "configuration: \($0)\n" }.joined()
    }
}
