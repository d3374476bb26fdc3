import Contracts
import Foundation

/// Who answers when no pair can. An outcome, not an error: most of the week no pair rides.
enum Fallback: Sendable, Equatable {
    case nextShift(at: Date)
    case handOff(OwnerRole)

    /// Immediate danger is patrol's. What can wait waits for the next shift, if that is near enough. County mobile
    /// crisis takes the rest, and the crisis line what needs no visit.
    init(level: Int, mode: ResponseMode, nextShiftAt: Date?) {
        if level >= 4 {
            self = .handOff(.patrol)
        } else if let nextShiftAt, level <= 2 || mode == .deferred {
            self = .nextShift(at: nextShiftAt)
        } else {
            self = .handOff(level >= 2 ? .mobileCrisis : .crisisLine)
        }
    }

    var owner: OwnerRole {
        switch self {
        case .nextShift: .nextShift
        case .handOff(let owner): owner
        }
    }
}
