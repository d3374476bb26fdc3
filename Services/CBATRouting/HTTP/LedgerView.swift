import Contracts
import Foundation

/// The ledger as a statement that says what it counts: minutes from en route to clear of encounters cleared in the
/// window; the share's denominator is the minutes of communities that have a share; minutes elsewhere are told apart.
struct LedgerView: Sendable, Equatable, Encodable {
    struct Line: Sendable, Equatable, Encodable {
        let community: Community
        let minutes: Int
        /// Of the denominator; absent while that is zero.
        let share: Double?
        let target: Double
    }

    struct ClinicianLine: Sendable, Equatable, Encodable {
        let clinician: String
        let minutes: [Community: Int]
    }

    let from: Date
    let to: Date
    let numerator: String
    let denominatorMinutes: Int
    let excludedMinutes: Int
    let communities: [Line]
    let clinicians: [ClinicianLine]

    init(_ ledger: ClinicianLedger, _ roster: Roster, from: Date, to: Date) {
        let fairness = roster.fairness
        var sums: [Community: Int] = [:]
        for (community, minutes) in ledger.minutes.values.flatMap(\.self) {
            sums[fairness.account(community), default: 0] += minutes
        }
        let total = sums.filter { fairness.shares[$0.key] != nil }.values.reduce(0, +)
        self.from = from
        self.to = to
        numerator = "clinician minutes from en route to clear, by community of the call, cleared in the window"
        denominatorMinutes = total
        excludedMinutes = sums.values.reduce(0, +) - total
        communities = fairness.shares.sorted { $0.key.rawValue < $1.key.rawValue }.map { community, target in
            let minutes = sums[community] ?? 0
            return Line(
                community: community, minutes: minutes,
                share: total == 0 ? nil : (Double(minutes) / Double(total) * 1000).rounded() / 1000, target: target)
        }
        clinicians = ledger.minutes.sorted { $0.key < $1.key }.map {
            ClinicianLine(clinician: $0.key, minutes: $0.value)
        }
    }
}
