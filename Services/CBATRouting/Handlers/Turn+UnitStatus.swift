import Contracts
import Foundation
import Messaging

/// What a CAD says about its units.
extension Turn {
    mutating func take(_ status: UnitStatusChanged) throws(Refusal) {
        guard status.status != .sceneSecured else { return try secureScene(status) }
        guard let pairing = state.pairing(agency: status.agency, unit: status.unit) else { return }
        note(status, of: pairing)
        guard let assignment = assignment(of: pairing, concernedBy: status) else { return }
        do throws(AssignmentProblem) {
            try follow(status, assignment)
        } catch {
            throw error.refusal
        }
    }

    mutating func secureScene(_ assignment: Assignment, at date: Date) throws(AssignmentProblem) {
        var assignment = assignment
        guard try assignment.secureScene(at: date) else { return }
        state.put(assignment)
        emit(AssignmentProgressed(assignment: assignment.snapshot))
    }

    private mutating func follow(_ status: UnitStatusChanged, _ assignment: Assignment) throws(AssignmentProblem) {
        let step = PairStep(rawValue: status.status.rawValue)
        switch status.status {
        case .enroute, .staged, .onScene, .contact, .transporting:
            // Setting out says more than saying yes, and its message may be the first to come.
            if assignment.status == .offered { try report(.accepted, on: assignment.id, at: status.at) }
            // Who drives the person somewhere is with the person.
            try report(step ?? .contact, on: assignment.id, at: status.at)
            if status.status == .transporting { place(assignment.snapshot.pairing, in: .outside, at: status.at) }
        case .cleared where assignment.isAbandoned(by: status):
            giveUp(assignment, because: status.reason ?? "The pair's CAD cleared it before it arrived.")
        case .accepted, .declined, .cleared:
            guard let step else { return }
            try report(step, on: assignment.id, at: status.at, reason: status.reason, outcome: status.outcome)
        case .available, .offDuty, .outOfService:
            guard assignment.isAbandoned(by: status) else { return }
            giveUp(assignment, because: status.reason ?? "The pair's CAD reports it \(status.status).")
        default:
            return
        }
    }

    /// Patrol, or whoever is on scene: any unit may say that it is secured.
    private mutating func secureScene(_ status: UnitStatusChanged) throws(Refusal) {
        let own = state.pairing(agency: status.agency, unit: status.unit)
        guard let id = status.call ?? own.flatMap({ state.activeAssignment(ofPairing: $0)?.snapshot.call }) else {
            return
        }
        guard var call = state.calls[id] else {
            throw .notYet("unknown-call", "The scene is secured of a call that triage has not told of.")
        }
        if call.securedAt == nil {
            call.securedAt = status.at
            state.put(call)
        }
        guard let assignment = state.activeAssignment(ofCall: state.root(of: id)) else { return }
        do throws(AssignmentProblem) {
            try secureScene(assignment, at: status.at)
        } catch {
            throw error.refusal
        }
    }

    private mutating func note(_ status: UnitStatusChanged, of pairing: String) {
        var pair = state.pair(pairing)
        let ours = state.assignments.values.filter { assignment in
            assignment.snapshot.pairing == pairing
                && status.call.map { state.root(of: $0) == assignment.snapshot.call } ?? true
        }
        // A pair may still be driving to a call it lost, and is free; but one that stands there is not.
        let isFree = ours.contains(where: \.isActive) || !ours.isEmpty && !status.status.isAtScene
        pair.observe(status.status, at: status.at, engagedOn: isFree ? nil : status.call)
        state.put(pair)
    }

    /// The pair's active assignment, when the status is about it: it names that call, or names none and is not from
    /// before the offer.
    private func assignment(of pairing: String, concernedBy status: UnitStatusChanged) -> Assignment? {
        guard let active = state.activeAssignment(ofPairing: pairing) else { return nil }
        if let call = status.call { return state.root(of: call) == active.snapshot.call ? active : nil }
        return status.at >= active.snapshot.offeredAt ? active : nil
    }
}

extension Assignment {
    /// Whether the status takes the pair off a call it has not reached. An offer is not abandoned by being available.
    fileprivate func isAbandoned(by status: UnitStatusChanged) -> Bool {
        guard status.at >= reportedAt ?? .distantPast else { return false }
        let isUnderway = [.accepted, .enroute, .staged].contains(self.status)
        switch status.status {
        case .offDuty, .outOfService: return isUnderway || self.status == .offered
        case .available: return isUnderway
        case .cleared: return self.status == .accepted || isUnderway && status.outcome == nil
        default: return false
        }
    }
}

extension AssignmentProblem {
    /// Whether waiting helps: another unit's message may still be on its way.
    var refusal: Refusal {
        self == .sceneNotSecured ? .notYet(code, description) : .refused(code, description)
    }
}
