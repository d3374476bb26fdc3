import Contracts
import Foundation
import Messaging

/// Everything that routing acts upon: two events, timers of its own, and what people ask for over HTTP.
enum RoutingInput: HandlerInput {
    case triaged(CallTriaged)
    case unitStatus(UnitStatusChanged)
    case offerExpired(OfferExpired)
    case silent(PairSilent)
    case command(UnitCommand)
    case exception(RosterException)
    /// Of the exception with this id.
    case withdrawal(UUID)
    case closure(ClosureCommand)

    init(type: EventType, data: Data) throws {
        switch type {
        case CallTriaged.type: self = .triaged(try ContractJSON.decode(CallTriaged.self, from: data))
        case UnitStatusChanged.type: self = .unitStatus(try ContractJSON.decode(UnitStatusChanged.self, from: data))
        default: throw Unreadable.type(type)
        }
    }

    init(timer kind: String, data: Data) throws {
        switch kind {
        case OfferExpired.kind: self = .offerExpired(try ContractJSON.decode(OfferExpired.self, from: data))
        case PairSilent.kind: self = .silent(try ContractJSON.decode(PairSilent.self, from: data))
        default: throw Unreadable.type(kind)
        }
    }
}

/// An offer's time is up.
struct OfferExpired: Codable, Sendable, Equatable {
    static let kind = "offer-expired"

    let assignment: AssignmentID
    let call: CallID

    /// Derived from the assignment, so that an answer can cancel the timer.
    static func timerID(_ assignment: AssignmentID) -> UUID { .v5(kind, assignment.description) }
}

/// A pair that took a call and is not with the person yet has said nothing about it for too long.
struct PairSilent: Codable, Sendable, Equatable {
    static let kind = "pair-silent"

    let assignment: AssignmentID
    let call: CallID

    /// Derived from the assignment, so that each step of the pair sets the timer anew.
    static func timerID(_ assignment: AssignmentID) -> UUID { .v5(kind, assignment.description) }
}

/// What a pair, or a supervisor for it, reports over HTTP about one assignment.
struct UnitCommand: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        case report(PairStep)
        case sceneSecured
    }

    let assignment: AssignmentID
    let action: Action
    /// The agency whose units the sender may speak for; nil for all.
    let agency: AgencyID?
    /// With `declined`.
    var reason: String?
    /// With `cleared`.
    var outcome: EncounterOutcome?
}

/// Which legs of the road are closed from now on. Replaces what was said before.
struct ClosureCommand: Sendable, Equatable {
    let closed: [String]
    let reason: String
    let by: String
}
