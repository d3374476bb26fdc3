import Contracts
import Foundation

/// Why an episode ended: nobody leaves care without one.
enum ClosingReason: String, Codable, Sendable, CaseIterable {
    /// The person was reached and needs nothing more.
    case reached
    /// A service helped.
    case helped
    /// The person does not wish to be contacted.
    case declined
    /// Three attempts failed, or the pair did not find the person.
    case notReached = "not-reached"
    case noNexus = "no-nexus"
    /// Another call's episode goes on for the same person.
    case joined
    case deceased
    /// Somebody else looks after the person.
    case otherCare = "other-care"
    /// Nobody offers what the person needs.
    case noService = "no-service"
    case enteredInError = "entered-in-error"

    /// What becomes of windows that are still open then.
    var ofFollowUps: FollowUpStatus {
        switch self {
        case .declined: .declined
        case .deceased: .notReached
        default: .expired
        }
    }
}

extension EncounterOutcome {
    /// Why the episode ends, if nothing that comes later decides otherwise.
    var closesAs: ClosingReason {
        switch disposition {
        case .noBehavioralHealthNexus: .noNexus
        case .refused: .declined
        default: consent == .no ? .declined : .notReached
        }
    }
}

extension AttemptOutcome {
    var closesAs: ClosingReason {
        switch self {
        case .reached, .reachedWithNeeds: .reached
        case .declined: .declined
        case .deceased: .deceased
        case .notReached, .wrongContact: .notReached
        }
    }
}
