import Contracts
import Foundation

/// A person's decision over the rules'. It stands, with its reason, until a person releases it: updates of the call are
/// still assessed and shown, but do not undo it.
struct Override: Codable, Sendable, Equatable {
    let level: Int?
    let responseMode: ResponseMode?
    let programs: [Program]?
    let reason: String
    let by: String
    let at: Date

    init(_ choice: Choice, by: String, at: Date) {
        (level, responseMode, programs) = (choice.level, choice.responseMode, choice.programs)
        (reason, self.by, self.at) = (choice.reason, by, at)
    }

    /// What a person asks for. A part that is nil is left to the rules.
    struct Choice: Codable, Sendable, Equatable {
        var level: Int?
        var responseMode: ResponseMode?
        /// Best first.
        var programs: [Program]?
        var reason: String

        /// Everything about it that makes no sense, with its place in the JSON.
        var problems: [Receipt.Problem] {
            var problems: [Receipt.Problem] = []
            func note(_ pointer: String, _ code: String, _ detail: String) {
                problems.append(Receipt.Problem(pointer: pointer, code: code, detail: detail))
            }
            if level == nil, responseMode == nil, programs == nil {
                note("", "missing", "give at least one of level, responseMode, programs")
            }
            if let level, !RuleSet.levels.contains(level) { note("/level", "out-of-range", "a level is 1 to 4") }
            if let responseMode, !responseMode.isKnown {
                note("/responseMode", "unknown-value", "no such response mode")
            }
            for (index, program) in (programs ?? []).enumerated() where !program.isKnown {
                note("/programs/\(index)", "unknown-value", "no such program")
            }
            if let programs, programs.isEmpty || Set(programs).count < programs.count {
                note("/programs", "invalid", "name each program once, the best first")
            }
            if !reason.contains(where: { !$0.isWhitespace }) { problems.append(.missingReason) }
            return problems
        }
    }

    /// A person's step, as it is recorded with the decision it led to.
    struct Release: Codable, Sendable, Equatable {
        let reason: String
        let by: String
        let at: Date
    }

    /// The programs as a person ranked them, above whatever the rules can score; patrol is added when it was left out.
    func ranked(_ rules: [RankedProgram]) -> [RankedProgram] {
        guard let programs else { return rules }
        let chosen = programs.enumerated().map {
            RankedProgram(program: $1, score: 10 * RuleSet.alertPoints - $0)
        }
        return programs.contains(.patrol) ? chosen : chosen + [RankedProgram(program: .patrol, score: 0)]
    }
}

extension Receipt.Problem {
    static let missingReason = Self(pointer: "/reason", code: "missing", detail: "say why")
}
