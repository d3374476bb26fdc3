public import Foundation

/// Triage's answer for one version of a call. Published again when the call is updated, closed or cancelled, and when a
/// person overrides it. Carries what routing and outreach need, and no narrative or person.
public struct CallTriaged: DomainEvent {
    public static let type = EventType(.triage, "call", "triaged")
    public static let classification = DataClassification.criminalJustice

    public var call: CallID
    public var agency: AgencyID
    /// The agency's own number for the call.
    public var number: String
    public var callVersion: Int
    /// Counts the decisions on this call, from 1: an update and an override each make a new one. The higher one holds.
    public var decision: Int
    public var status: CallStatus
    public var receivedAt: Date
    public var location: Location
    public var community: Community
    /// The common incident type of the EIDO registry, or `OTHER`.
    public var commonType: String
    public var flags: [Flag: Fact]
    public var language: String?
    public var ageBand: AgeBand?
    public var possibleDuplicateOf: CallID?

    /// 1 routine … 4 immediate danger.
    public var level: Int
    public var responseMode: ResponseMode
    /// Best first; never empty, patrol is always among them.
    public var programs: [RankedProgram]
    /// Ids of the rules that decided. The evidence text stays in triage.
    public var rules: [String]
    /// Ids of the questions whose answers would change the outcome.
    public var questions: [String]
    public var ruleSetVersion: String
    /// SHA-256 of the rule file, hexadecimal.
    public var ruleSetHash: String
    public var isOverridden: Bool
    public var decidedAt: Date

    public var partitionKey: UUID { call.uuid }

    public init(
        call: CallID, agency: AgencyID, number: String, callVersion: Int, decision: Int, status: CallStatus,
        receivedAt: Date, location: Location, community: Community, commonType: String, flags: [Flag: Fact],
        language: String?, ageBand: AgeBand?, possibleDuplicateOf: CallID?, level: Int, responseMode: ResponseMode,
        programs: [RankedProgram], rules: [String], questions: [String], ruleSetVersion: String, ruleSetHash: String,
        isOverridden: Bool, decidedAt: Date
    ) {
        self.call = call
        self.agency = agency
        self.number = number
        self.callVersion = callVersion
        self.decision = decision
        self.status = status
        self.receivedAt = receivedAt
        self.location = location
        self.community = community
        self.commonType = commonType
        self.flags = flags
        self.language = language
        self.ageBand = ageBand
        self.possibleDuplicateOf = possibleDuplicateOf
        self.level = level
        self.responseMode = responseMode
        self.programs = programs
        self.rules = rules
        self.questions = questions
        self.ruleSetVersion = ruleSetVersion
        self.ruleSetHash = ruleSetHash
        self.isOverridden = isOverridden
        self.decidedAt = decidedAt
    }
}

/// How well a program fits a call.
public struct RankedProgram: Codable, Sendable, Equatable {
    public var program: Program
    /// Sum of the matching rules' weights; comparable within one decision only.
    public var score: Int

    public init(program: Program, score: Int) {
        self.program = program
        self.score = score
    }
}
