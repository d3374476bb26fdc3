import Contracts
import Foundation

/// What one person needs, as far as it is known. What is not known excludes nothing.
struct MatchQuery: Sendable, Equatable {
    var need: Need
    var ageBand: AgeBand?
    /// BCP 47.
    var language: String?
    var community: Community?
    var legalStatus: LegalStatus?
    var at: Date
    /// Services that already said no.
    var excluding: Set<UUID>

    init(
        need: Need, ageBand: AgeBand? = nil, language: String? = nil, community: Community? = nil,
        legalStatus: LegalStatus? = nil, at: Date, excluding: Set<UUID> = []
    ) {
        self.need = need
        self.ageBand = ageBand
        self.language = language
        self.community = community
        self.legalStatus = legalStatus
        self.at = at
        self.excluding = excluding
    }
}

/// A service that may help, and why it stands where it stands: the phone list in best order.
struct Match: Sendable, Equatable {
    let service: ResourceService
    let score: Int
    let reasons: [String]
    let capacity: CapacityObservation?
}
