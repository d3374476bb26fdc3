/// The five services. Raw values are queue prefixes and CloudEvents sources; `schema` is the database's spelling.
public enum ServiceName: String, Sendable, Codable, CaseIterable, CustomStringConvertible {
    case intake
    case triage
    case cbatRouting = "cbat-routing"
    case outreachResources = "outreach-resources"
    case notifications

    public var schema: String { rawValue.replacing("-", with: "_") }
    public var description: String { rawValue }
}
