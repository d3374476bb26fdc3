import Contracts

extension EncounterOutcome {
    /// Who answers for the person once the pair has cleared.
    var nextOwner: OwnerRole {
        if all.contains(.arrest) || legalStatus == .custody { return .patrol }
        if legalStatus == .hold || consent == .yes || !needs.isEmpty { return .clinician }
        switch disposition {
        case .medical: return .medical
        case .citation, .unableToLocate, .noBehavioralHealthNexus: return .patrol
        default: return .clinician
        }
    }

    /// Whether the pair left the Pass with the person; the facilities are all outside it.
    var isTransport: Bool {
        all.contains { [.voluntaryTransport, .hold5150, .hold5585, .arrest].contains($0) }
    }

    /// A CAD cleared the pair and said nothing of the outcome. It is not guessed; the clinician is left to say.
    static let notReported = EncounterOutcome(disposition: .notReported)

    private var all: [Disposition] { [disposition] + secondary }
}

extension Disposition {
    static let notReported: Self = "not-reported"
}
