import Contracts
import Foundation

/// The pairs of one agency, as its CAD sees them: they answer offers that the agency's feed shows, drive, stage, arrive
/// and clear. Deterministic by assignment, whatever else happens.
struct FieldUnits {
    let agency: AgencyID
    let seed: UInt64

    /// What an offer in a feed says, as far as the simulator needs it.
    struct Offer: Decodable {
        let assignment: Assignment
        let travelMinutes: Int

        struct Assignment: Decodable {
            let id: AssignmentID
            let call: CallID
            let callNumber: String
            let callAgency: AgencyID
            let unit: String
            let unitAgency: AgencyID
            let mode: ResponseMode
        }
    }

    struct Step {
        let at: Date
        let status: UnitStatus
        var reason: String?
        var outcome: EncounterOutcome?
    }

    /// The unit's answer and what follows from it; empty when nobody looks at the screen.
    func steps(for offer: Offer, at now: Date) -> [Step] {
        var random = SeededRandom(seed: seed, for: "\(offer.assignment.call) \(offer.assignment.unit)")
        let answer = now + Double.random(in: 10...40, using: &random)
        if random.chance(6) { return [] }
        if random.chance(8) { return [Step(at: answer, status: .declined, reason: "still writing up the last call")] }
        let enroute = answer + random.minutes(1...2)
        let arrival = enroute + Double(max(offer.travelMinutes, 2)) * 60
        var steps = [Step(at: answer, status: .accepted), Step(at: enroute, status: .enroute)]
        var onScene = arrival
        if offer.assignment.mode == .patrolSecuresFirst {
            steps.append(Step(at: arrival, status: .staged))
            let secured = arrival + random.minutes(3...8)
            steps.append(Step(at: secured, status: .sceneSecured))
            onScene = secured + 30
        }
        let contact = onScene + random.minutes(1...4)
        let isTransport = random.chance(15)
        let clear = contact + (isTransport ? random.minutes(90...140) : random.minutes(25...60))
        steps.append(Step(at: onScene, status: .onScene))
        steps.append(Step(at: contact, status: .contact))
        steps.append(Step(at: clear, status: .cleared, outcome: outcome(isTransport, &random)))
        return steps
    }

    private func outcome(_ isTransport: Bool, _ random: inout SeededRandom) -> EncounterOutcome {
        if isTransport {
            return random.chance(40)
                ? EncounterOutcome(
                    disposition: .hold5150, needs: [.crisis], ageBand: .adult, legalStatus: .hold, consent: .unknown)
                : EncounterOutcome(
                    disposition: .voluntaryTransport, needs: [.crisis], ageBand: .adult, consent: .yes)
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: return EncounterOutcome(disposition: .safetyPlan, needs: [.crisis], ageBand: .adult, consent: .yes)
        case 3..<5: return EncounterOutcome(disposition: .resolvedOnScene, needs: [], consent: .no)
        case 5..<7:
            return EncounterOutcome(
                disposition: .referralOnly, needs: [.shelter, .food], ageBand: .adult, consent: .yes)
        case 7: return EncounterOutcome(disposition: .refused, consent: .no)
        case 8: return EncounterOutcome(disposition: .unableToLocate)
        default: return EncounterOutcome(disposition: .warmHandoff, needs: [.detox], ageBand: .adult, consent: .yes)
        }
    }

    func message(_ step: Step, for offer: Offer) -> SampleMessage {
        let unit = offer.assignment.unit
        return SampleMessage(
            at: step.at, agency: agency, kind: "unit-status.v1", call: offer.assignment.call,
            body: CADUnitStatusMessage(
                messageId: "\(offer.assignment.id)-\(step.status)", agency: agency, sentAt: step.at,
                unitStatus: CADUnitStatus(
                    unit: unit, status: step.status, at: step.at, callNumber: offer.assignment.callNumber,
                    callAgency: offer.assignment.callAgency, reason: step.reason, outcome: step.outcome)),
            mischief: nil)
    }
}
