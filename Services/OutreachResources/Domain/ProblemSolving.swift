import Contracts
import Foundation

/// Opens a SARA problem (scanning, analysis, response, assessment) where calls keep coming.
enum ProblemSolving {
    /// How long its owner has to confirm or dismiss the pattern.
    static let scanning: TimeInterval = 14 * 24 * 3600
    /// How long an overdue step may wait before it is told again.
    static let reminder: TimeInterval = 7 * 24 * 3600

    static func open(
        _ id: ProblemID, for found: ProblemDetected, of agencies: Set<AgencyID>, at now: Date
    ) -> ProblemSnapshot {
        ProblemSnapshot(
            id: id, place: found.place, community: found.community, program: found.program,
            stage: ProblemStage.scanning.rawValue, owner: owner(of: found.program), calls: found.calls,
            nextAction: "Confirm the pattern of \(found.calls.count) calls in \(found.windowDays) days",
            deadline: now + scanning, openedAt: now, agencies: agencies.inOrder)
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

/// How far a problem is. Each stage follows the one before it; a pattern that proves to be none is closed at once.
enum ProblemStage: String, Codable, Sendable, CaseIterable {
    case scanning, analysis, response, assessment, closed
}

extension ProblemSnapshot {
    var isOpen: Bool { stage != ProblemStage.closed.rawValue }

    /// The stage after this one, and the end.
    var next: [ProblemStage] {
        guard isOpen, let stage = ProblemStage(rawValue: stage) else { return [] }
        let following = ProblemStage.allCases.drop { $0 != stage }.dropFirst().prefix(1)
        return following.contains(.closed) ? [.closed] : following + [.closed]
    }

    /// A stage may also be kept while its next action changes.
    func mayBecome(_ stage: ProblemStage) -> Bool {
        isOpen && (stage.rawValue == self.stage || next.contains(stage))
    }
}
