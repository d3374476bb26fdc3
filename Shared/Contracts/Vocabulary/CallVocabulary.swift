/// Where a call stands with its CAD. `closed` and `cancelled` end it. A CAD may open it again with a later version that
/// is `active`; the call is then answered like a new one, under its old id.
public struct CallStatus: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let active: Self = "active"
    public static let closed: Self = "closed"
    public static let cancelled: Self = "cancelled"
    public static let allCases: [Self] = [.active, .closed, .cancelled]

    /// Only what is known to end a call ends it: a status this version does not know is not an end.
    public var isFinal: Bool { self == .closed || self == .cancelled }
}

/// The communities that share one team by agreement.
public struct Community: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let beaumont: Self = "beaumont"
    public static let banning: Self = "banning"
    public static let cabazon: Self = "cabazon"
    /// The rest of the Pass Area, for example Cherry Valley and Whitewater.
    public static let unincorporated: Self = "unincorporated"
    /// Not in the Pass Area, or not known to be.
    public static let outside: Self = "outside"
    public static let allCases: [Self] = [.beaumont, .banning, .cabazon, .unincorporated, .outside]
}

/// What is known about something: *unknown is not no*. A value this version does not know counts as unknown.
public struct Fact: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let yes: Self = "yes"
    public static let no: Self = "no"
    public static let unknown: Self = "unknown"
    public static let allCases: [Self] = [.yes, .no, .unknown]
}

/// The facts a call taker asks about. A CAD may send others; they are kept.
public struct Flag: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let weapon: Self = "weapon"
    public static let violence: Self = "violence"
    public static let injury: Self = "injury"
    public static let suicideAttempt: Self = "suicideAttempt"
    public static let overdose: Self = "overdose"
    public static let fire: Self = "fire"
    public static let missingChild: Self = "missingChild"
    public static let intoxication: Self = "intoxication"
    public static let minor: Self = "minor"
    public static let behavioralHealth: Self = "behavioralHealth"
    public static let unhoused: Self = "unhoused"
    public static let officerRequest: Self = "officerRequest"
    public static let allCases: [Self] = [
        .weapon, .violence, .injury, .suicideAttempt, .overdose, .fire, .missingChild, .intoxication, .minor,
        .behavioralHealth, .unhoused, .officerRequest,
    ]
}

/// What kind of place a call is at.
public struct PlaceType: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let residence: Self = "residence"
    public static let business: Self = "business"
    public static let school: Self = "school"
    public static let street: Self = "street"
    public static let park: Self = "park"
    public static let encampment: Self = "encampment"
    public static let medical: Self = "medical"
    public static let other: Self = "other"
    public static let allCases: [Self] = [
        .residence, .business, .school, .street, .park, .encampment, .medical, .other,
    ]
}

/// How old a person is, as coarsely as matching services needs.
public struct AgeBand: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Under 13.
    public static let child: Self = "child"
    /// 13 to 17.
    public static let youth: Self = "youth"
    /// 18 to 59.
    public static let adult: Self = "adult"
    /// 60 and over.
    public static let olderAdult: Self = "older-adult"
    public static let allCases: [Self] = [.child, .youth, .adult, .olderAdult]
}
