/// Every event there is, and who subscribes to what. The topology, the audit, the AsyncAPI document and the golden
/// messages are all derived from it.
public enum Catalog {
    public static let events: [any DomainEvent.Type] = [
        CallReceived.self, CallUpdated.self, CallClosed.self, UnitStatusChanged.self,
        CallTriaged.self, ProblemDetected.self,
        AssignmentOffered.self, AssignmentAccepted.self, AssignmentDeclined.self, AssignmentExpired.self,
        AssignmentProgressed.self, AssignmentCancelled.self, EncounterCleared.self, CallDeferred.self,
        CallHandedOff.self, CallJoined.self,
        EpisodeOpened.self, EpisodeUpdated.self, EpisodeClosed.self, FollowUpOpened.self, FollowUpDue.self,
        FollowUpClosed.self, ReferralUpdated.self, CaseOpened.self, CaseJoined.self, CaseUpdated.self,
        ProblemOpened.self, ProblemUpdated.self,
    ]

    /// Triage's calls.
    public static let calls = Subscription(
        .triage, "calls", to: [CallReceived.self, CallUpdated.self, CallClosed.self])
    /// What CBAT routing acts upon.
    public static let routing = Subscription(.cbatRouting, "work", to: [CallTriaged.self, UnitStatusChanged.self])
    /// What outreach follows: who answers for a person, and what officers work on.
    public static let care = Subscription(
        .outreachResources, "work",
        to: [
            CallTriaged.self, ProblemDetected.self, AssignmentOffered.self, EncounterCleared.self, CallDeferred.self,
            CallHandedOff.self, CallJoined.self,
        ])
    /// Everything, for the partners' feeds.
    public static let ledger = Subscription(.notifications, "ledger", to: events)

    public static let subscriptions = [calls, routing, care, ledger]
}

/// One service's stream of events, in which order is kept per key across types, however many queues it is divided into.
public struct Subscription: Sendable {
    public let service: ServiceName
    public let what: String
    public let types: [EventType]

    public init(_ service: ServiceName, _ what: String, to events: [any DomainEvent.Type]) {
        self.service = service
        self.what = what
        types = events.map { $0.type }
    }

    public var name: String { "\(service).\(what)" }

    /// `<service>.<what>.v<n>.p<k>`: one partition of one generation of the subscription's queues.
    public func queue(generation: Int = 1, partition: Int = 0) -> String {
        "\(name).v\(generation).p\(partition)"
    }
}
