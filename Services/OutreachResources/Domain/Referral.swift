import Contracts
import Foundation

/// Where a referral stands: the ten codes of FHIR R4's task status that the Gravity referral profile uses.
enum ReferralStatus: String, Codable, Sendable, CaseIterable {
    case draft
    case requested
    case accepted
    case rejected
    case cancelled
    case inProgress = "in-progress"
    case onHold = "on-hold"
    case failed
    case completed
    case enteredInError = "entered-in-error"

    /// Nothing follows these.
    var isFinal: Bool { next.isEmpty }

    var next: Set<Self> {
        switch self {
        case .draft: [.requested, .cancelled, .enteredInError]
        case .requested: [.accepted, .rejected, .cancelled, .enteredInError]
        case .accepted: [.inProgress, .onHold, .failed, .cancelled, .enteredInError]
        case .inProgress: [.onHold, .completed, .failed, .cancelled, .enteredInError]
        case .onHold: [.inProgress, .completed, .failed, .cancelled, .enteredInError]
        case .rejected, .cancelled, .failed, .completed, .enteredInError: []
        }
    }

    /// On whose word a referral may become this.
    var voices: Set<ReferralVoice> {
        switch self {
        case .accepted, .rejected: [.receiver]
        case .completed: [.receiver, .person]
        case .inProgress, .onHold, .failed: [.receiver, .person, .staff]
        case .cancelled: [.person, .staff]
        case .draft, .requested, .enteredInError: [.staff]
        }
    }
}

/// Who says so; staff may write down what the others told them.
enum ReferralVoice: String, Codable, Sendable, CaseIterable {
    case receiver
    case person
    case staff
}

enum ReferralRefusal: Error, Equatable {
    case illegal(from: ReferralStatus, to: ReferralStatus)
    case notTheirs(ReferralStatus, ReferralVoice)
}

extension ReferralSnapshot {
    /// How long the receiving side has to answer before somebody asks: two days.
    static let answerTime: TimeInterval = 48 * 3600

    var state: ReferralStatus { ReferralStatus(rawValue: status) ?? .enteredInError }
    var isOpen: Bool { !state.isFinal }

    /// Moves the referral, or says why not. It is completed only when the receiving side or the person says so.
    mutating func move(
        to next: ReferralStatus, by voice: ReferralVoice, reason: String?, at now: Date
    ) throws(ReferralRefusal) {
        guard state.next.contains(next) else { throw .illegal(from: state, to: next) }
        guard next.voices.contains(voice) else { throw .notTheirs(next, voice) }
        status = next.rawValue
        statusReason = reason
        updatedAt = now
        version += 1
    }
}
