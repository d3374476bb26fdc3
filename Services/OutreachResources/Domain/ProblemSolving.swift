import Contracts
import Foundation

/// Opens a SARA problem (scanning, analysis, response, assessment) where calls keep coming.
enum ProblemSolving {
    /// How long its owner has to confirm or dismiss the pattern.
    static let scanning: TimeInterval = 14 * 24 * 3600

    static func open(_ id: ProblemID, for found: ProblemDetected, at now: Date) -> ProblemSnapshot {
        ProblemSnapshot(
            id: id, place: found.place, community: found.community, program: found.program, stage: "scanning",
            owner: owner(of: found.program), calls: found.calls,
            nextAction: "Confirm the pattern of \(found.calls.count) calls in \(found.windowDays) days",
            deadline: now + scanning, openedAt: now)
    }

    static func owner(of program: Program) -> OwnerRole {
        switch program {
        case .homelessOutreach: .outreachOfficer
        case .businessLiaison: .businessOfficer
        case .schoolResource: .schoolOfficer
        case .cbat: .clinician
        default: .patrol
        }
    }
}
