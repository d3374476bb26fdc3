import Contracts
import Foundation
import Messaging

/// One message's turn: the state it may change, the time it happens at, and what comes of it.
struct Turn {
    let at: Date
    var state: RoutingState
    private(set) var outgoing: [Outgoing] = []
    private let id: (String, Int) -> UUID
    private var idsMade = 0

    var roster: Roster { state.roster }

    init(at date: Date, state: RoutingState, id: @escaping (String, Int) -> UUID) {
        at = date
        self.state = state
        self.id = id
    }

    mutating func emit(_ event: some DomainEvent) {
        outgoing.append(.event(event))
    }

    mutating func emit(_ effect: Outgoing) {
        outgoing.append(effect)
    }

    /// An id that the same message always makes again.
    mutating func newID(_ purpose: String) -> UUID {
        defer { idsMade += 1 }
        return id(purpose, idsMade)
    }

    /// Says where a call stands and who answers for it, and for those that joined it, from here on.
    mutating func settle(_ call: RoutedCall, as standing: RoutedCall.Standing, owner: OwnerRole) {
        var call = call
        call.standing = standing
        call.owner = owner
        state.put(call)
        for var joined in state.calls(joinedTo: call.id) {
            joined.owner = owner
            state.put(joined)
        }
    }

    /// Keeps what was decided about a call.
    mutating func record(
        _ outcome: RoutingDecision.Outcome, _ call: RoutedCall, owner: OwnerRole, reason: String,
        assignment: AssignmentID? = nil, choice: PairChoice? = nil
    ) {
        state.record(
            RoutingDecision(
                id: newID("decision"), call: call.id, at: at, outcome: outcome, owner: owner, assignment: assignment,
                reason: reason, level: call.level, mode: call.mode, triageDecision: call.decision, choice: choice,
                closedLegs: state.closure.legs.sorted(), rosterVersion: roster.version, rosterHash: roster.hash))
    }
}
