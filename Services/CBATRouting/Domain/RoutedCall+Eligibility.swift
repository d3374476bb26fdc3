import Contracts

extension RoutedCall {
    /// Whether CBAT answers the call: it ranks first, or scores high enough behind another; an officer on scene asks
    /// for it; or the danger is immediate and a pair goes in with patrol or after it. The rest is patrol's or another
    /// program's, and no concern of ours.
    func isForCBAT(_ policy: RoutingPolicy) -> Bool {
        guard let cbat = programs.first(where: { $0.program == .cbat }) else { return false }
        if programs.first?.program == .cbat || cbat.score >= policy.minimumScore { return true }
        if mode == .secondary { return true }
        return level >= 4 && cbat.score > 0 && (mode == .patrolSecuresFirst || mode == .simultaneous)
    }

    /// A pair that goes although the call could have waited goes as it would without patrol.
    var assignmentMode: ResponseMode { mode == .deferred ? .alternative : mode }

    /// Who answers for a call that triage took away from CBAT.
    var ownerOfFirstProgram: OwnerRole {
        switch programs.first?.program {
        case .homelessOutreach: .outreachOfficer
        case .businessLiaison: .businessOfficer
        case .schoolResource: .schoolOfficer
        default: .patrol
        }
    }

    /// Who takes a call whose mode is `transfer`: medics, mobile crisis where somebody must go, else the crisis line.
    var transferOwner: OwnerRole {
        if needsMedic || level >= 4 { return .medical }
        return level == 3 ? .mobileCrisis : .crisisLine
    }
}

extension ResponseMode {
    /// How much the mode protects those who go: a plan under way is only ever made safer.
    var protection: Int {
        switch self {
        case .patrolSecuresFirst: 3
        case .simultaneous: 2
        case .secondary: 1
        default: 0
        }
    }
}
