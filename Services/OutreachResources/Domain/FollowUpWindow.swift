import Contracts
import Foundation

/// When a person must be reached again: not before this, by then, and pointless after that.
///
/// The field's cadence after a crisis encounter is 24 hours, 72 hours, 7 days and 30 days; a deferred call waits for the
/// next shift instead.
struct FollowUpWindow: Sendable, Equatable {
    let name: String
    /// Seconds after the encounter.
    let notBefore: TimeInterval
    let due: TimeInterval
    let expires: TimeInterval
    /// What its owner does next, in words a person can act on.
    let action: String

    static let day = Self(
        name: "24h", notBefore: 12 * hour, due: 24 * hour, expires: 48 * hour, action: "Check in within 24 hours")
    static let threeDays = Self(
        name: "72h", notBefore: 48 * hour, due: 72 * hour, expires: 120 * hour, action: "Check in within 72 hours")
    static let week = Self(
        name: "7d", notBefore: 120 * hour, due: 168 * hour, expires: 240 * hour, action: "Check in after 7 days")
    static let month = Self(
        name: "30d", notBefore: 600 * hour, due: 720 * hour, expires: 1080 * hour, action: "Check in after 30 days")
    /// Counted from the start of the shift that will own the call.
    static let nextShift = Self(
        name: "next-shift", notBefore: 0, due: 0, expires: 24 * hour, action: "Make the contact that was deferred")

    static let afterEncounter: [Self] = [.day, .threeDays, .week, .month]

    static func named(_ name: String) -> Self? {
        (afterEncounter + [nextShift]).first { $0.name == name }
    }

    func opened(_ id: FollowUpID, for subject: CareSubject, owner: OwnerRole, from start: Date) -> FollowUpSnapshot {
        FollowUpSnapshot(
            id: id, episode: subject.episode, call: subject.call, agency: subject.agency, community: subject.community,
            window: name, owner: owner.ofFollowUps, notBefore: start + notBefore, due: start + due,
            expires: start + expires,
            status: FollowUpStatus.open.rawValue, attempts: 0)
    }

    private static let hour: TimeInterval = 3600
}

extension OwnerRole {
    /// Who reaches the person again. Responders who only took the call do not come back; the clinician does.
    var ofFollowUps: OwnerRole {
        switch self {
        case .medical, .patrol, .crisisLine, .cbatRouting, .cbatPair: .clinician
        default: self
        }
    }
}
