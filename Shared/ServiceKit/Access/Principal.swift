package import Contracts

/// Who is asking: a person, a CAD or a partner, known by a bearer token.
package struct Principal: Sendable, Hashable, Codable {
    /// Unique among the tokens in force.
    package let name: String
    package let role: Role
    /// The agency whose records the principal acts upon; nil for those who act for all of them.
    package let agency: AgencyID?

    package init(name: String, role: Role, agency: AgencyID? = nil) {
        self.name = name
        self.role = role
        self.agency = agency
    }

    /// The agency whose records and units the principal may act upon; nil for all of them. Only operators and
    /// supervisors without an agency act for all; anyone else without one acts for none.
    package var commandedAgency: AgencyID? {
        [.operator, .supervisor].contains(role) ? agency : agency ?? AgencyID(rawValue: "")
    }

    package func actsFor(_ agency: AgencyID) -> Bool {
        commandedAgency == nil || commandedAgency == agency
    }
}

/// What a principal may do. Routes name the roles they serve.
package enum Role: String, Sendable, Codable, CaseIterable {
    /// Runs the installation; the only one to give out tokens.
    case `operator`
    /// Leads the program: rosters, exceptions, casework, reports.
    case supervisor
    /// An agency's dispatch system.
    case cad
    /// A pair or an officer in the field.
    case unit
    /// An agency or organization that reads a feed.
    case partner

    /// Dispatch systems and field units always act for one agency.
    var needsAgency: Bool { self == .cad || self == .unit }
}
