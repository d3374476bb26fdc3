import Contracts
import Foundation

/// Clinician minutes by community, summed over the time that fairness looks back.
struct ClinicianLedger: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let assignment: AssignmentID
        let clinician: String
        let community: Community
        let minutes: Int
        let clearedAt: Date
    }

    private(set) var minutes: [String: [Community: Int]] = [:]

    mutating func add(_ count: Int, of clinician: String, in community: Community) {
        minutes[clinician, default: [:]][community, default: 0] += count
    }

    func total(of clinician: String) -> Int {
        minutes[clinician]?.values.reduce(0, +) ?? 0
    }
}

/// How the clinicians' time is to be divided among the communities that pay for it.
struct FairnessTargets: Sendable, Equatable, Codable {
    /// Shares that sum to one.
    let shares: [Community: Double]
    /// Communities whose minutes count as another's: the unincorporated area is the sheriff's, like Cabazon.
    let countsAs: [Community: Community]
    let windowDays: Int
    /// A clinician begins as if this many minutes had been divided as agreed, so one encounter does not tip the scale.
    let priorMinutes: Int

    /// How much more of a clinician's time the community had than its share: 0.1 is ten points over. Zero for a
    /// community without a share.
    func excess(of community: Community, for clinician: String, in ledger: ClinicianLedger) -> Double {
        let account = account(community)
        guard let share = shares[account] else { return 0 }
        let minutes = (ledger.minutes[clinician] ?? [:]).filter { shares[self.account($0.key)] != nil }
        let total = Double(minutes.values.reduce(0, +) + priorMinutes)
        guard total > 0 else { return 0 }
        let had = Double(minutes.filter { self.account($0.key) == account }.values.reduce(0, +))
        return (had + share * Double(priorMinutes)) / total - share
    }

    func account(_ community: Community) -> Community {
        countsAs[community] ?? community
    }
}
