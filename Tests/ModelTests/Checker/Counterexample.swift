/// A shortest way from the initial state to one that must not be.
struct Counterexample: Error, CustomStringConvertible {
    let flaw: String
    let steps: [String]

    var description: String {
        let lines = steps.enumerated().map { number, step in "  \(number + 1). \(step)" }
        return ([flaw] + lines).joined(separator: "\n")
    }
}
