/// What came of an encounter. "Diverted" is never stored: it is derived from this.
public struct Disposition: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let resolvedOnScene: Self = "resolved-on-scene"
    public static let safetyPlan: Self = "safety-plan"
    public static let voluntaryTransport: Self = "voluntary-transport"
    /// Welfare and Institutions Code 5150, an adult held up to 72 hours.
    public static let hold5150: Self = "hold-5150"
    /// Welfare and Institutions Code 5585, a minor held up to 72 hours.
    public static let hold5585: Self = "hold-5585"
    public static let arrest: Self = "arrest"
    public static let citation: Self = "citation"
    public static let warmHandoff: Self = "warm-handoff"
    public static let referralOnly: Self = "referral-only"
    public static let refused: Self = "refused"
    public static let unableToLocate: Self = "unable-to-locate"
    public static let medical: Self = "medical"
    public static let noBehavioralHealthNexus: Self = "no-behavioral-health-nexus"
    public static let allCases: [Self] = [
        .resolvedOnScene, .safetyPlan, .voluntaryTransport, .hold5150, .hold5585, .arrest, .citation, .warmHandoff,
        .referralOnly, .refused, .unableToLocate, .medical, .noBehavioralHealthNexus,
    ]
}

/// Whether a person came along freely.
public struct LegalStatus: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let voluntary: Self = "voluntary"
    /// Detained for evaluation, under either code.
    public static let hold: Self = "hold"
    /// Arrested.
    public static let custody: Self = "custody"
    public static let allCases: [Self] = [.voluntary, .hold, .custody]
}

/// What a person needs, in the directory's taxonomy.
public struct Need: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let crisis: Self = "crisis"
    public static let shelter: Self = "shelter"
    public static let detox: Self = "detox"
    public static let food: Self = "food"
    public static let benefits: Self = "benefits"
    public static let youth: Self = "youth"
    public static let allCases: [Self] = [.crisis, .shelter, .detox, .food, .benefits, .youth]
}

/// Who answers for a person in care, or for a case.
public struct OwnerRole: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let cbatRouting: Self = "cbat-routing"
    public static let cbatPair: Self = "cbat-pair"
    public static let nextShift: Self = "cbat-next-shift"
    public static let mobileCrisis: Self = "mobile-crisis"
    public static let crisisLine: Self = "988"
    public static let medical: Self = "ems"
    public static let patrol: Self = "patrol"
    public static let clinician: Self = "clinician"
    public static let outreachOfficer: Self = "outreach-officer"
    public static let businessOfficer: Self = "business-officer"
    public static let schoolOfficer: Self = "school-officer"
    public static let allCases: [Self] = [
        .cbatRouting, .cbatPair, .nextShift, .mobileCrisis, .crisisLine, .medical, .patrol, .clinician,
        .outreachOfficer, .businessOfficer, .schoolOfficer,
    ]
}
