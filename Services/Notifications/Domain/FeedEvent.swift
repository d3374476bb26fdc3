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
    /// Whose record it is: agencies, and of a referral also the service it goes to.
    let agencies: [AgencyID]
    let content: JSONTree
    /// Hash of the policy in force at its appending.
    let policy: String

    /// The agencies named in an event, wherever the contracts put them.
    static func agencies(in content: JSONTree) -> [AgencyID] {
        let paths = [
            "agency", "call.agency", "assignment.callAgency", "assignment.unitAgency", "episode.agency",
            "followUp.agency", "referral.agency", "referral.service",
        ]
        let lists = ["case.agencies", "problem.agencies"].compactMap(content.texts).flatMap(\.self)
        return Set(paths.compactMap(content.text) + lists).sorted().map(AgencyID.init(rawValue:))
    }

    /// The call that an event is about, wherever the contracts put its id.
    static func call(in content: JSONTree) -> CallID? {
        ["call.id", "call", "assignment.call", "episode.call", "followUp.call", "referral.call"].lazy
            .compactMap(content.text).compactMap { CallID($0) }.first
    }

    /// What one partner sees of it: only what the policy allowed when it was appended and still allows now, with
    /// consent as known now. Nil when that is nothing.
    func rendered(
        for partner: Partner, then: DisclosurePolicy, now: DisclosurePolicy, consent: Fact
    ) -> JSONTree? {
        guard let before = then.view(of: self, for: partner, consent: consent),
            let today = now.view(of: self, for: partner, consent: consent)
        else { return nil }
        let shown = content.filter { before.shows($0) && today.shows($0) }
        return shown.leaves.isEmpty ? nil : shown
    }
}

/// Who reads a feed.
struct Partner: Sendable, Codable, Equatable {
    let id: String
    let name: String
    let `class`: String
    /// Whose records are its own: an agency, or for a service provider the directory's id of its service.
    let agency: AgencyID?
}
