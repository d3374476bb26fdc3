import Contracts
import Foundation

/// Why triage decided as it did, for people. Mirrors what `GET /v1/decisions/{call}` at triage answers.
struct TriageExplanation: Decodable {
    let agency: AgencyID
    let number: String
    let status: CallStatus
    /// The number of the decision in force.
    let holds: Int
    let decisions: [Decision]

    struct Decision: Decodable {
        let decision: Int
        let callVersion: Int
        let level: Int
        let responseMode: ResponseMode
        let programs: [RankedProgram]
        let rulesSay: Assessment
        let decidedAt: Date
    }

    struct Assessment: Decodable {
        let reasons: [Reason]
        let questions: [Question]
        let ruleSetVersion: String
        let ruleSetHash: String
    }

    struct Reason: Decodable {
        let rule: String
        let matched: [String]
        let effect: String
        let why: String
    }

    struct Question: Decodable {
        let ask: String
        let ifYes: Answer
        let ifNo: Answer

        struct Answer: Decodable {
            let level: Int
            let responseMode: ResponseMode
            let firstProgram: Program

            var text: String { "level \(level), \(responseMode), \(firstProgram)" }
        }
    }

    /// The decision in force with its reasons; the others in a line each, or with theirs too.
    func lines(withAllReasons: Bool) -> [String] {
        var lines = ["\(agency)/\(number), \(status)"]
        for decision in decisions {
            let isInForce = decision.decision == holds
            lines += [""] + decision.heading(isInForce: isInForce)
            if isInForce || withAllReasons { lines += decision.reasons }
        }
        return lines
    }
}

extension TriageExplanation.Decision {
    fileprivate func heading(isInForce: Bool) -> [String] {
        let programs = programs.map { "\($0.program) \($0.score)" }.joined(separator: ", ")
        return [
            "Decision \(decision)\(isInForce ? " (in force)" : ""), version \(callVersion), "
                + ContractJSON.timestamp(decidedAt),
            "  level \(level), \(responseMode); \(programs)",
        ]
    }

    fileprivate var reasons: [String] {
        var lines: [String] = []
        for reason in rulesSay.reasons {
            lines.append("  \(reason.rule): \(reason.effect)")
            lines.append("      because \(reason.matched.joined(separator: "; ")). \(reason.why)")
        }
        for question in rulesSay.questions {
            lines.append("  Ask: \(question.ask)")
            lines.append("      yes: \(question.ifYes.text); no: \(question.ifNo.text)")
        }
        return lines + ["  rules \(rulesSay.ruleSetVersion), \(rulesSay.ruleSetHash.prefix(12))"]
    }
}

/// Why routing chose as it did, for people. Mirrors what `GET /v1/decisions/{call}` at cbat-routing answers.
struct RoutingExplanation: Decodable {
    let decisions: [Decision]

    struct Decision: Decodable {
        let at: Date
        let outcome: String
        let owner: OwnerRole
        let reason: String
        let mode: ResponseMode
    }

    var lines: [String] {
        guard !decisions.isEmpty else { return [] }
        return ["", "CBAT routing"]
            + decisions.map {
                "  \(ContractJSON.timestamp($0.at))  \($0.outcome), \($0.mode), \($0.owner): \($0.reason)"
            }
    }
}
