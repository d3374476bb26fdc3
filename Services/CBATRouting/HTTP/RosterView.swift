import Contracts
import Foundation

/// The roster as it is shown: who there is, who rides now, and what departs from the rule.
struct RosterView: Encodable {
    struct Pair: Encodable {
        let id: String
        let unit: String
        let agency: AgencyID
        let officer: Officer?
        let clinician: Clinician?
        let home: Community
        let onShift: Span?
        let next: Span?
    }

    let version: String
    let hash: String
    let at: Date
    let agencies: [Agency]
    let pairings: [Pair]
    let nextShiftAt: Date?
    let exceptions: [RosterException]
    let travel: TravelModel
    let fairness: FairnessTargets
    let routing: RoutingPolicy

    init(_ roster: Roster, _ exceptions: [RosterException], at date: Date) {
        version = roster.version
        hash = roster.hash
        at = date
        agencies = roster.agencies
        pairings = roster.pairings.map { pairing in
            let fortnight = Span(start: date, end: date.addingTimeInterval(14 * 86400))
            let shifts = roster.shifts(of: pairing, in: fortnight, exceptions)
            return Pair(
                id: pairing.id, unit: pairing.unit, agency: pairing.agency, officer: roster.officer(of: pairing),
                clinician: roster.clinician(of: pairing), home: pairing.home,
                onShift: shifts.first { $0.contains(date) }, next: shifts.first { $0.start > date })
        }
        nextShiftAt = roster.nextShiftStart(after: date, within: 14 * 24, exceptions)
        self.exceptions = exceptions
        travel = roster.travel
        fairness = roster.fairness
        routing = roster.policy
    }
}
