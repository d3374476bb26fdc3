import Contracts
import Foundation

/// One next action and its deadline: the earliest of everything still owed to a person.
struct CarePlan: Sendable, Equatable {
    let nextAction: String
    let deadline: Date
    /// Who does it, where that is not whoever answers for the person already.
    var owner: OwnerRole?

    /// How long an episode without follow-ups stays open for its last note.
    static let lastNote: TimeInterval = 4 * 3600
    /// How long an overdue step may wait before it is asked for again.
    static let reminder: TimeInterval = 24 * 3600
    /// How far ahead somebody may put a deadline.
    static let farthest: TimeInterval = 90 * 24 * 3600

    /// The plan while something is owed; nil when nothing is, and the episode may close.
    ///
    /// - Parameter current: the plan so far, so that a step without an end of its own keeps its deadline.
    static func next(
        _ task: CareTask? = nil, followUps: [FollowUpSnapshot], referrals: [ReferralSnapshot], unmet: [Need],
        after current: CarePlan? = nil, at now: Date
    ) -> CarePlan? {
        if let task { return task.plan(at: now, after: current) }
        let steps =
            followUps.compactMap { step($0, at: now) } + referrals.compactMap { step($0, after: current, at: now) }
        guard let first = steps.min(by: { ($0.deadline, $0.nextAction) < ($1.deadline, $1.nextAction) }) else {
            return unmet.isEmpty ? nil : repeating("Find help for: \(names(unmet))", after: current, at: now)
        }
        guard !unmet.isEmpty else { return first }
        return CarePlan(
            nextAction: "\(first.nextAction); find help for: \(names(unmet))", deadline: first.deadline,
            owner: first.owner)
    }

    /// A step that is asked for again every day.
    static func repeating(
        _ action: String, owner: OwnerRole? = nil, after current: CarePlan?, at now: Date
    ) -> CarePlan {
        let isAsked = current.map { $0.nextAction.hasPrefix(action) && $0.deadline > now } ?? false
        return CarePlan(
            nextAction: action, deadline: isAsked ? current?.deadline ?? now + reminder : now + reminder, owner: owner)
    }

    static func names(_ needs: [Need]) -> String {
        needs.map(\.rawValue).sorted().joined(separator: ", ")
    }

    /// The last action of an encounter after which nobody is followed up.
    static func last(after outcome: EncounterOutcome, at now: Date) -> CarePlan {
        let action =
            switch outcome.disposition {
            case .refused: "Leave the resource card; the person may ask again at any time"
            case .unableToLocate: "Note the attempt for the next contact at this place"
            case .noBehavioralHealthNexus: "Note that no behavioral health response was needed"
            default: "Note that the person does not wish to be contacted again"
            }
        return CarePlan(nextAction: action, deadline: now + lastNote)
    }

    private static func step(_ followUp: FollowUpSnapshot, at now: Date) -> CarePlan? {
        guard !followUp.state.isClosed else { return nil }
        let action = FollowUpWindow.named(followUp.window)?.action ?? "Check in"
        return followUp.state == .open
            ? CarePlan(nextAction: action, deadline: followUp.due)
            : CarePlan(nextAction: "\(action): due now", deadline: followUp.expires, owner: followUp.owner)
    }

    private static func step(_ referral: ReferralSnapshot, after current: CarePlan?, at now: Date) -> CarePlan? {
        guard referral.isOpen else { return nil }
        let due = referral.updatedAt + ReferralSnapshot.answerTime
        let action = "Ask where the \(referral.need) referral stands"
        return due > now
            ? CarePlan(nextAction: action, deadline: due)
            : repeating("\(action): no answer yet", after: current, at: now)
    }
}

extension EncounterOutcome {
    /// The windows to open. None when there is nobody to reach or the person said no to being contacted, except that a
    /// hold is always looked after: its check-ins go to the facility.
    var followUpWindows: [FollowUpWindow] {
        switch disposition {
        case .refused, .unableToLocate, .noBehavioralHealthNexus: []
        case .hold5150, .hold5585: consent == .no ? [.day, .threeDays] : FollowUpWindow.afterEncounter
        default: consent == .no ? [] : FollowUpWindow.afterEncounter
        }
    }

    /// The needs to refer for: only with consent, each once.
    var needsToRefer: [Need] {
        guard consent == .yes, !followUpWindows.isEmpty else { return [] }
        return needs.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
