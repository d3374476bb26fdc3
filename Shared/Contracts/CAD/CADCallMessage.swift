public import Foundation

/// What a CAD publishes for each change of a call, as JSON, to exchange `cad` with key `cad.<agency>.call.v1`.
///
/// `messageId` is the CAD's own, unique within the agency. The whole call is sent each time, with `version` counted up.
public struct CADCallMessage: Codable, Sendable, Equatable {
    /// The CAD's own id of this message; sent again unchanged when the message is sent again.
    public var messageId: String
    /// Must be the agency of the routing key.
    public var agency: AgencyID
    public var sentAt: Date
    public var call: CADCall

    public init(messageId: String, agency: AgencyID, sentAt: Date, call: CADCall) {
        self.messageId = messageId
        self.agency = agency
        self.sentAt = sentAt
        self.call = call
    }
}

/// A call as its CAD tells it. Required: number, version, status, typeCode, receivedAt, location.
public struct CADCall: Codable, Sendable, Equatable {
    /// The agency's own number for the call; with the agency it makes the call's id (``CallID``).
    public var number: String
    /// Counted by the CAD, from 1. A lower version than the known one changes nothing.
    public var version: Int
    public var status: CallStatus
    /// The agency's own code, mapped by its table in `call-types/`; an unknown one is accepted and marked.
    public var typeCode: String
    /// The agency's own, 1 the most urgent.
    public var priority: Int?
    public var receivedAt: Date
    /// When this version was made; `receivedAt` when absent.
    public var updatedAt: Date?
    public var location: CADLocation
    /// A flag that is absent is unknown, which is not no.
    public var flags: [Flag: Fact]?
    /// BCP 47, for example `es`.
    public var language: String?
    public var ageBand: AgeBand?
    public var narrative: [NarrativeLine]?
    public var persons: [Person]?
    /// The agency's own, with `closed` or `cancelled`.
    public var disposition: String?

    public init(
        number: String, version: Int, status: CallStatus, typeCode: String, priority: Int? = nil, receivedAt: Date,
        updatedAt: Date? = nil, location: CADLocation, flags: [Flag: Fact]? = nil, language: String? = nil,
        ageBand: AgeBand? = nil, narrative: [NarrativeLine]? = nil, persons: [Person]? = nil,
        disposition: String? = nil
    ) {
        self.number = number
        self.version = version
        self.status = status
        self.typeCode = typeCode
        self.priority = priority
        self.receivedAt = receivedAt
        self.updatedAt = updatedAt
        self.location = location
        self.flags = flags
        self.language = language
        self.ageBand = ageBand
        self.narrative = narrative
        self.persons = persons
        self.disposition = disposition
    }
}

/// An address or a position, or both.
public struct CADLocation: Codable, Sendable, Equatable {
    public var address: String?
    /// Decides the community before the position does.
    public var city: String?
    /// Degrees north, WGS 84.
    public var latitude: Double?
    /// Degrees east, WGS 84: negative in California.
    public var longitude: Double?
    public var placeType: PlaceType?
    public var placeName: String?

    public init(
        address: String? = nil, city: String? = nil, latitude: Double? = nil, longitude: Double? = nil,
        placeType: PlaceType? = nil, placeName: String? = nil
    ) {
        self.address = address
        self.city = city
        self.latitude = latitude
        self.longitude = longitude
        self.placeType = placeType
        self.placeName = placeName
    }
}
