/// The most protective law that a message's content falls under; decides who may ever be sent it.
public struct DataClassification: OpenEnumeration {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Operational facts without personal content.
    public static let operational: Self = "operational"
    /// Criminal justice information (FBI CJIS Security Policy).
    public static let criminalJustice: Self = "cji"
    /// Protected health information (45 CFR 160.103).
    public static let health: Self = "phi"
    /// Education records (20 U.S.C. 1232g, FERPA).
    public static let education: Self = "ferpa"
    public static let allCases: [Self] = [.operational, .criminalJustice, .health, .education]
}
