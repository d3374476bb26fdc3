import Contracts
import Foundation

/// What the rules say about one call, with everything a person needs to check it.
struct Assessment: Codable, Sendable, Equatable {
    /// 1 routine … 4 immediate danger.
    let level: Int
    let responseMode: ResponseMode
    /// Best first; patrol is always among them.
    let programs: [RankedProgram]
    /// Every rule that applied, in the order of the rule file.
    let reasons: [Reason]
    /// The facts that are known, and from where.
    let facts: [KnownFact]
    /// Mentions that did not count, because they were negated.
    let setAside: [String]
    /// What is not known and would change the answer, the weightiest first.
    let questions: [OpenQuestion]
    /// Earlier calls at the same place within the rule set's window.
    let earlierCallsAtPlace: Int
    let ruleSetVersion: String
    let ruleSetHash: String
    let assessedAt: Date

    /// A rule that applied.
    struct Reason: Codable, Sendable, Equatable {
        let rule: String
        let matched: [String]
        let effect: String
        let why: String
        let source: String
    }

    struct KnownFact: Codable, Sendable, Equatable {
        let fact: FactName
        let value: Fact
        let because: [String]
    }

    struct OpenQuestion: Codable, Sendable, Equatable {
        let fact: FactName
        let ask: String
        let ifYes: Answer
        let ifNo: Answer
    }

    /// The gist of an assessment, to compare answers by.
    struct Answer: Codable, Sendable, Equatable {
        let level: Int
        let responseMode: ResponseMode
        let firstProgram: Program
    }
}
