import Contracts
import Foundation

enum FollowUpStatus: String, Sendable, CaseIterable {
    case open
    case due
    case reached
    case notReached = "not-reached"
    case declined
    case expired

    var isClosed: Bool { self != .open && self != .due }
}

/// What came of one attempt to reach the person.
enum AttemptOutcome: String, Codable, Sendable, CaseIterable {
    case reached
    case reachedWithNeeds = "reached-needs"
    case notReached = "not-reached"
    case wrongContact = "wrong-contact"
    case declined
    case deceased
}

enum FollowUpRefusal: Error, Equatable {
    case closed(String)
    case tooEarly(Date)
}

extension FollowUpSnapshot {
    /// Nobody is given up before three attempts failed.
    static let attemptsBeforeGivingUp = 3

    var state: FollowUpStatus {
        get { FollowUpStatus(rawValue: status) ?? .expired }
        set { status = newValue.rawValue }
    }

    /// Records an attempt. Reaching the person counts at any time, also after the window ran out; a failed attempt counts
    /// from the window's beginning, and the third one closes it as not reached.
    mutating func record(_ outcome: AttemptOutcome, at now: Date) throws(FollowUpRefusal) {
        guard !state.isClosed || state == .expired else { throw .closed(status) }
        switch outcome {
        case .reached, .reachedWithNeeds:
            state = .reached
        case .declined:
            state = .declined
        case .deceased:
            state = .notReached
        case .notReached, .wrongContact:
            guard now >= notBefore else { throw .tooEarly(notBefore) }
            if attempts + 1 >= Self.attemptsBeforeGivingUp { state = .notReached }
        }
        attempts += 1
    }

    /// The window's own clock: open becomes due, and what was not done by the end expires. True when it changed.
    mutating func advance(to now: Date) -> Bool {
        guard !state.isClosed else { return false }
        let next: FollowUpStatus = now >= expires ? .expired : now >= due ? .due : .open
        defer { state = next }
        return next != state
    }
}
