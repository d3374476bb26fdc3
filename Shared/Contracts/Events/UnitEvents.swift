public import Foundation

/// A unit's CAD said what the unit is doing. Compared by its own time, never by arrival.
public struct UnitStatusChanged: DomainEvent {
    public static let type = EventType(.intake, "unit", "status-changed")
    /// Of its most protected field, the outcome.
    public static let classification = DataClassification.health
    public var agency: AgencyID
    /// The call sign, unique within the agency.
    public var unit: String
    public var status: UnitStatus
    public var at: Date
    /// The call the unit is on, when the CAD says so.
    public var call: CallID?
    /// Why an offer was declined; free vocabulary of the agency.
    public var reason: String?
    /// Given with `cleared`.
    public var outcome: EncounterOutcome?

    public var partitionKey: UUID { .v5("unit", agency.rawValue, unit) }
    public var correlation: UUID? { call?.uuid }

    public init(
        agency: AgencyID, unit: String, status: UnitStatus, at: Date, call: CallID? = nil, reason: String? = nil,
        outcome: EncounterOutcome? = nil
    ) {
        self.agency = agency
        self.unit = unit
        self.status = status
        self.at = at
        self.call = call
        self.reason = reason
        self.outcome = outcome
    }
}
