import Contracts
import Foundation

/// An event in the feed's ledger, and who its record belongs to.
struct FeedEvent: Sendable {
    let position: Int
    let id: UUID
    let type: String
    let source: String
    let time: Date
    let correlation: UUID?
    let agencies: [AgencyID]
    let content: JSONTree
    /// Hash of the policy in force at its appending.
    let policy: String

    /// The agencies named in an event, wherever the contracts put them.
    static func agencies(in content: JSONTree) -> [AgencyID] {
        let paths = [
            "agency", "call.agency", "assignment.callAgency", "assignment.unitAgency", "episode.agency",
            "followUp.agency", "referral.agency",
        ]
        return Set(paths.compactMap { content.text($0) }).sorted().map(AgencyID.init(rawValue:))
    }

    /// What one partner sees of it: only what the policy allowed when it was appended and still allows now, with
    /// consent as known now. Nil when that is nothing.
    func rendered(
        for partner: Partner, then: DisclosurePolicy, now: DisclosurePolicy, consent: Fact
    ) -> JSONTree? {
        let shown = content.filter { path in
            then.shows(path, of: self, to: partner, consent: consent)
                && now.shows(path, of: self, to: partner, consent: consent)
        }
        return shown.leaves.isEmpty ? nil : shown
    }
}

/// Who reads a feed.
struct Partner: Sendable, Codable, Equatable {
    let id: String
    let name: String
    let `class`: String
    let agency: AgencyID?
}
