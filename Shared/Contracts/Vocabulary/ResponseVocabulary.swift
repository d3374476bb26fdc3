/// The COPPS programs, and patrol as what remains.
public struct Program: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let cbat: Self = "cbat"
    public static let homelessOutreach: Self = "homeless-outreach"
    public static let businessLiaison: Self = "business-liaison"
    public static let schoolResource: Self = "school-resource"
    public static let patrol: Self = "patrol"
    public static let allCases: [Self] = [.cbat, .homelessOutreach, .businessLiaison, .schoolResource, .patrol]
}

/// How the response is put together: risk changes the package, not the eligibility.
public struct ResponseMode: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The pair alone; no patrol.
    public static let alternative: Self = "alternative"
    /// The pair and patrol together.
    public static let simultaneous: Self = "simultaneous"
    /// The pair stages until patrol has secured the scene.
    public static let patrolSecuresFirst: Self = "patrol-secures-first"
    /// An officer on scene asks for the pair.
    public static let secondary: Self = "secondary"
    /// The next shift takes it.
    public static let deferred: Self = "deferred"
    /// 988, county mobile crisis or EMS takes it.
    public static let transfer: Self = "transfer"
    public static let allCases: [Self] = [
        .alternative, .simultaneous, .patrolSecuresFirst, .secondary, .deferred, .transfer,
    ]
}

/// A field unit's status, mapped by the agency's CAD from its own ten-codes.
public struct UnitStatus: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let offDuty: Self = "off-duty"
    public static let available: Self = "available"
    public static let accepted: Self = "accepted"
    public static let declined: Self = "declined"
    public static let enroute: Self = "enroute"
    public static let staged: Self = "staged"
    public static let sceneSecured: Self = "scene-secured"
    public static let onScene: Self = "on-scene"
    public static let contact: Self = "contact"
    public static let transporting: Self = "transporting"
    public static let cleared: Self = "cleared"
    public static let outOfService: Self = "out-of-service"
    public static let allCases: [Self] = [
        .offDuty, .available, .accepted, .declined, .enroute, .staged, .sceneSecured, .onScene, .contact,
        .transporting, .cleared, .outOfService,
    ]
}

/// How far a pair has come with a call. `declined`, `expired`, `cleared` and `cancelled` are final.
public struct AssignmentStatus: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let offered: Self = "offered"
    public static let accepted: Self = "accepted"
    public static let declined: Self = "declined"
    public static let expired: Self = "expired"
    public static let enroute: Self = "enroute"
    public static let staged: Self = "staged"
    public static let onScene: Self = "on-scene"
    public static let contact: Self = "contact"
    public static let cleared: Self = "cleared"
    public static let cancelled: Self = "cancelled"
    public static let allCases: [Self] = [
        .offered, .accepted, .declined, .expired, .enroute, .staged, .onScene, .contact, .cleared, .cancelled,
    ]
}
