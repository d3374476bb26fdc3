import Contracts
import Foundation

/// What was decided about a call and from what: kept for whoever asks why, and enough to decide the same again.
struct RoutingDecision: Sendable, Equatable, Codable {
    enum Outcome: String, Sendable, Codable, CaseIterable {
        case offered, joined, deferred
        case handedOff = "handed-off"
        case cancelled
    }

    let id: UUID
    let call: CallID
    let at: Date
    let outcome: Outcome
    let owner: OwnerRole
    let assignment: AssignmentID?
    let reason: String
    let level: Int
    let mode: ResponseMode
    /// Triage's count of its decision that this one rests on.
    let triageDecision: Int
    /// Nil when pairs were not compared.
    let choice: PairChoice?
    let closedLegs: [String]
    let rosterVersion: String
    let rosterHash: String
}
