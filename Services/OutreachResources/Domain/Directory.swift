import Contracts
import Foundation

/// The resources of the Pass Area: who offers what, where, to whom and when, in the terms of Open Referral HSDS 3.
///
/// A value read once from `directory.yaml`, checked whole: every reference in it leads somewhere.
struct Directory: Sendable, Equatable {
    let version: String
    /// SHA-256 of the file, hexadecimal; every referral keeps the hash of the directory that chose its service.
    let hash: String
    let taxonomy: Taxonomy
    let organizations: [Organization]
    let locations: [Site]
    let services: [ResourceService]

    func service(_ id: UUID) -> ResourceService? {
        services.first { $0.id == id }
    }

    func organization(_ id: UUID) -> Organization? {
        organizations.first { $0.id == id }
    }

    func location(_ id: UUID) -> Site? {
        locations.first { $0.id == id }
    }

    func term(_ need: Need) -> Taxonomy.Term? {
        taxonomy.terms.first { $0.need == need }
    }
}

/// Our own few categories of need. The licensed 211 taxonomy is not shipped; an importer may add its codes.
struct Taxonomy: Sendable, Equatable {
    let id: UUID
    let name: String
    let description: String
    let terms: [Term]

    struct Term: Sendable, Equatable {
        let id: UUID
        let need: Need
        let name: String
        let description: String
    }
}

/// HSDS `organization`.
struct Organization: Sendable, Equatable {
    let id: UUID
    let name: String
    let description: String
    let email: String?
    let website: String?
    /// The name of the principal by which this organisation itself answers referrals and reports capacity.
    let partner: String?
}

/// HSDS `location`: where a service is given.
struct Site: Sendable, Equatable {
    let id: UUID
    let name: String
    /// `physical`, `postal` or `virtual`.
    let kind: String
    let latitude: Double?
    let longitude: Double?
    let address: Address?

    struct Address: Sendable, Equatable {
        let line: String
        let city: String
        let state: String
        let postalCode: String
        let country: String
    }
}

/// HSDS `service`, with what matching asks about.
struct ResourceService: Sendable, Equatable {
    let id: UUID
    let organization: UUID
    let name: String
    let description: String
    /// `active`, `inactive`, `defunct` or `temporarily closed`; only the first is ever matched.
    let status: String
    let needs: [Need]
    /// Whole years; nil when there is no limit.
    let minimumAge: Int?
    let maximumAge: Int?
    let eligibility: String?
    /// BCP 47.
    let languages: [String]
    /// Whether an interpreter is found for languages the staff does not speak.
    let interprets: Bool
    let legalStatuses: [LegalStatus]
    /// Service areas; empty when everybody is served.
    let communities: [Community]
    /// Empty when the hours are not known.
    let hours: [OpeningHours]
    let applicationProcess: String?
    let phone: String?
    let email: String?
    let website: String?
    /// What capacity counts here: `bed`, `chair`, `slot`; nil when nobody counts.
    let capacityUnit: String?
    let lastModified: Date
    let sites: [ServiceAtSite]
}

/// HSDS `service_at_location`.
struct ServiceAtSite: Sendable, Equatable {
    let id: UUID
    let location: UUID
}
