import Contracts
import Foundation

/// What somebody was told to do for a person beside the windows and the referrals. It comes before both, and never runs
/// out: once overdue it is asked for again every day, until somebody acts.
struct CareTask: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        /// CBAT took the call up again: routing answers for the person until it says what came of it.
        case answering
        /// The last window ran out and nobody was reached.
        case unreached
        /// The person told of needs that no referral meets yet.
        case needs
        /// A supervisor's decision. Only a decision ends it.
        case assigned
    }

    let kind: Kind
    let action: String
    let owner: OwnerRole
    let deadline: Date

    /// How long CBAT may be silent after an offer ran out, before it is asked what came of the call.
    static let silence: TimeInterval = 12 * 3600

    static func answering(offerUntil expiry: Date) -> CareTask {
        CareTask(
            kind: .answering, action: "CBAT is answering the call", owner: .cbatRouting, deadline: expiry + silence)
    }

    static func unreached(at now: Date) -> CareTask {
        CareTask(
            kind: .unreached, action: "Nobody reached the person: decide who tries again", owner: .clinician,
            deadline: now + CarePlan.reminder)
    }

    /// What to do about needs for which nobody is asked, because the person did not say yes or did not say which.
    static func meet(_ needs: [Need], consent: Fact, owner: OwnerRole, at now: Date) -> CareTask {
        let named = CarePlan.names(needs)
        let action =
            if needs.isEmpty {
                "Ask what the person needs, and whether to refer"
            } else if consent == .no {
                "Give the person the numbers to call for: \(named)"
            } else {
                "Ask the person for consent to refer for: \(named)"
            }
        return CareTask(kind: .needs, action: action, owner: owner, deadline: now + CarePlan.reminder)
    }

    /// Whether reaching the person does what was asked.
    var endsWithContact: Bool { kind == .unreached || kind == .needs }

    func plan(at now: Date, after current: CarePlan?) -> CarePlan {
        guard deadline <= now else { return CarePlan(nextAction: action, deadline: deadline, owner: owner) }
        let overdue =
            switch kind {
            case .answering: "Ask CBAT what came of the call"
            case .unreached: action
            case .needs, .assigned: "\(action): overdue"
            }
        return .repeating(overdue, owner: owner, after: current, at: now)
    }
}
