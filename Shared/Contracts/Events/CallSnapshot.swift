public import Foundation

/// Everything known about a call at one version. Call events carry the whole of it, so an older one is simply ignored
/// and no subscriber has to ask for more.
public struct CallSnapshot: Codable, Sendable, Equatable {
    public var id: CallID
    public var agency: AgencyID
    /// The agency's own number for the call.
    public var number: String
    /// Counted by the CAD, from 1.
    public var version: Int
    public var status: CallStatus
    public var type: CallType
    /// The CAD's own priority, 1 the most urgent; nil when it sends none.
    public var priority: Int?
    public var receivedAt: Date
    /// When the CAD made this version, by the CAD's own time.
    public var updatedAt: Date
    public var location: Location
    public var community: Community
    /// What the call taker asked and heard; a flag that is absent is unknown.
    public var flags: [Flag: Fact]
    /// BCP 47, for example `es`; nil when unknown.
    public var language: String?
    public var ageBand: AgeBand?
    /// Another agency's call that is probably about the same event.
    public var possibleDuplicateOf: CallID?
    /// The agency's own disposition, once the call is closed.
    public var disposition: String?
    public var narrative: [NarrativeLine]
    public var persons: [Person]

    public init(
        id: CallID, agency: AgencyID, number: String, version: Int, status: CallStatus, type: CallType,
        priority: Int? = nil, receivedAt: Date, updatedAt: Date, location: Location, community: Community,
        flags: [Flag: Fact] = [:], language: String? = nil, ageBand: AgeBand? = nil,
        possibleDuplicateOf: CallID? = nil, disposition: String? = nil, narrative: [NarrativeLine] = [],
        persons: [Person] = []
    ) {
        self.id = id
        self.agency = agency
        self.number = number
        self.version = version
        self.status = status
        self.type = type
        self.priority = priority
        self.receivedAt = receivedAt
        self.updatedAt = updatedAt
        self.location = location
        self.community = community
        self.flags = flags
        self.language = language
        self.ageBand = ageBand
        self.possibleDuplicateOf = possibleDuplicateOf
        self.disposition = disposition
        self.narrative = narrative
        self.persons = persons
    }
}

/// What kind of call it is, in the agency's words and in everybody's.
public struct CallType: Codable, Sendable, Equatable {
    /// The agency's own code, as sent.
    public var code: String
    /// The common incident type of the EIDO registry; `OTHER` when the agency's code is not in its table.
    public var common: String
    /// False when the agency's code is not in its table: accepted, marked and counted.
    public var isRecognized: Bool

    public init(code: String, common: String, isRecognized: Bool) {
        self.code = code
        self.common = common
        self.isRecognized = isRecognized
    }
}

/// Where a call is: an address, a position, or both.
public struct Location: Codable, Sendable, Equatable {
    public var address: String?
    /// Degrees north, WGS 84.
    public var latitude: Double?
    /// Degrees east, WGS 84: negative in California.
    public var longitude: Double?
    public var placeType: PlaceType
    /// What the place is called, for example a school's name.
    public var placeName: String?
    /// Where repeat calls meet; nil when there is no address.
    public var place: PlaceID?

    public init(
        address: String? = nil, latitude: Double? = nil, longitude: Double? = nil, placeType: PlaceType = .other,
        placeName: String? = nil, place: PlaceID? = nil
    ) {
        self.address = address
        self.latitude = latitude
        self.longitude = longitude
        self.placeType = placeType
        self.placeName = placeName
        self.place = place
    }
}

/// One remark of the call taker or an officer. Leaves intake only inside `intake.call.*` events.
public struct NarrativeLine: Codable, Sendable, Equatable {
    public var at: Date
    public var text: String

    public init(at: Date, text: String) {
        self.at = at
        self.text = text
    }
}

/// A person named in a call. Leaves intake only inside `intake.call.*` events.
public struct Person: Codable, Sendable, Equatable {
    /// `caller`, `subject`, `witness`, …
    public var role: String
    public var name: String?
    /// E.164 where the CAD knows it, else as written.
    public var phone: String?
    public var ageBand: AgeBand?
    public var language: String?

    public init(
        role: String, name: String? = nil, phone: String? = nil, ageBand: AgeBand? = nil, language: String? = nil
    ) {
        self.role = role
        self.name = name
        self.phone = phone
        self.ageBand = ageBand
        self.language = language
    }
}
