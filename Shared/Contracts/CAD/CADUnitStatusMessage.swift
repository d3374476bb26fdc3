public import Foundation

/// What a CAD publishes when a field unit changes status, with key `cad.<agency>.unit-status.v1`.
public struct CADUnitStatusMessage: Codable, Sendable, Equatable {
    public var messageId: String
    public var agency: AgencyID
    public var sentAt: Date
    public var unitStatus: CADUnitStatus

    public init(messageId: String, agency: AgencyID, sentAt: Date, unitStatus: CADUnitStatus) {
        self.messageId = messageId
        self.agency = agency
        self.sentAt = sentAt
        self.unitStatus = unitStatus
    }
}

/// A unit's status as its CAD tells it.
///
/// Required: unit, status, at. `callNumber` and `callAgency` name the call the unit is on; `callAgency` is the
/// reporting agency unless given, because a pair rides for its neighbours too.
public struct CADUnitStatus: Codable, Sendable, Equatable {
    /// The call sign, unique within the agency.
    public var unit: String
    public var status: UnitStatus
    /// When the status began, by the CAD's clock; an older report than the known one changes nothing.
    public var at: Date
    public var callNumber: String?
    public var callAgency: AgencyID?
    /// Why an offer was declined.
    public var reason: String?
    /// Expected with `cleared` after contact.
    public var outcome: EncounterOutcome?

    public init(
        unit: String, status: UnitStatus, at: Date, callNumber: String? = nil, callAgency: AgencyID? = nil,
        reason: String? = nil, outcome: EncounterOutcome? = nil
    ) {
        self.unit = unit
        self.status = status
        self.at = at
        self.callNumber = callNumber
        self.callAgency = callAgency
        self.reason = reason
        self.outcome = outcome
    }
}
