import Contracts

/// Who rides and how a pair is chosen: the people of the agencies, the pairs they form, when those ride, how far apart
/// the communities are, and what counts in choosing.
///
/// A value read once from `roster.yaml` and checked whole: whoever is named in it exists, and nobody is on two pairs at
/// the same time.
struct Roster: Sendable, Equatable {
    let version: String
    /// SHA-256 of the file, hexadecimal; every decision keeps the hash of the roster it was made by.
    let hash: String
    /// The file as its authors wrote it.
    let text: String
    let agencies: [Agency]
    let officers: [Officer]
    let clinicians: [Clinician]
    /// In the order of their ids, which is the order in which their rows are locked.
    let pairings: [Pairing]
    let travel: TravelModel
    let fairness: FairnessTargets
    let policy: RoutingPolicy

    func pairing(_ id: String) -> Pairing? {
        pairings.first { $0.id == id }
    }

    func pairing(agency: AgencyID, unit: String) -> Pairing? {
        pairings.first { $0.agency == agency && $0.unit == unit }
    }

    func officer(of pairing: Pairing) -> Officer? {
        officers.first { $0.id == pairing.officer }
    }

    func clinician(of pairing: Pairing) -> Clinician? {
        clinicians.first { $0.id == pairing.clinician }
    }
}

struct Agency: Sendable, Equatable, Codable {
    let id: AgencyID
    let name: String
}

struct Officer: Sendable, Equatable, Codable {
    let id: String
    let name: String
    let agency: AgencyID
    /// BCP 47.
    let languages: [String]
}

/// The scarce resource: leads the evaluation.
struct Clinician: Sendable, Equatable, Codable {
    let id: String
    let name: String
    let agency: AgencyID
    /// BCP 47.
    let languages: [String]
    /// Trained for children and adolescents.
    let isYouthSpecialist: Bool
}

/// An officer and a clinician riding together in one car.
struct Pairing: Sendable, Equatable {
    let id: String
    /// The call sign, and the agency whose CAD reports it.
    let unit: String
    let agency: AgencyID
    let officer: String
    let clinician: String
    /// Where the pair begins its shift.
    let home: Community
    let shifts: [WeeklyShift]

    /// One person cannot be in two cars.
    func shares(personWith other: Pairing) -> Bool {
        officer == other.officer || clinician == other.clinician
    }
}

/// The numbers that routing turns on, all from the file.
struct RoutingPolicy: Sendable, Equatable, Codable {
    /// How long a pair has to answer an offer.
    let offerWindowSeconds: Int
    /// How long a pair that took a call may say nothing before somebody else is sent, or, with the person, it is noticed.
    let silenceMinutes: Int
    /// From this score on a call is routed although another program ranks first.
    let minimumScore: Int
    /// A shift that begins later than this is no answer to a call today.
    let deferWithinHours: Int
    /// What a clinician's whole time in the call's community would add, were none of it due there.
    let fairnessMinutes: Int
    /// What it adds that nobody in the car speaks the person's language, and that only the officer does.
    let languageMinutes: Int
    let officerLanguageMinutes: Int
    /// What it adds for a child or youth that the clinician has not the specialty.
    let youthMinutes: Int
}
