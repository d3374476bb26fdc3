import Contracts
import Foundation

/// One decision on a call, never changed afterwards: what holds, what the rules say and why, and who overrode them.
struct Decision: Codable, Sendable, Equatable {
    let call: CallID
    let agency: AgencyID
    let number: String
    /// Counts the decisions on this call, from 1. The highest one holds.
    let decision: Int
    let callVersion: Int
    let status: CallStatus
    let cause: Cause
    /// 1 routine … 4 immediate danger.
    let level: Int
    let responseMode: ResponseMode
    let programs: [RankedProgram]
    /// The standing override that this decision obeys.
    let override: Override?
    /// Set when this decision came of releasing an override.
    let released: Override.Release?
    /// The rules' own answer, override or not.
    let rulesSay: Assessment
    let decidedAt: Date

    /// What made a decision necessary.
    enum Cause: String, Codable, Sendable {
        /// The call came in, changed, closed or was cancelled.
        case callVersion = "call-version"
        case override
        case release
    }
}
