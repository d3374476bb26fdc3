import Contracts
import Foundation
import Messaging
import ServiceKit
import Testing

@testable import CBATRouting

/// A router without database or broker: messages in, decisions out, as the processor does it. A refused message leaves
/// everything as it was.
struct Desk {
    let handler: RouteCalls
    var state: RoutingState
    var now: Date
    /// Timers set and not cancelled.
    var timers: [UUID: DueTimer] = [:]
    var events: [any DomainEvent] = []
    private var messages = 0

    init(_ time: String = "\(Samples.wednesday) 15:00", roster: Roster? = nil) throws {
        let roster = try roster ?? Samples.roster()
        handler = RouteCalls(roster: Reloadable(fixed: roster))
        state = RoutingState(roster: roster)
        now = try Samples.time(time)
    }

    @discardableResult
    mutating func handle(_ input: RoutingInput) throws(Refusal) -> [any DomainEvent] {
        messages += 1
        let message = Message(
            id: .v5("message", String(messages)), body: input, handledAt: now, correlation: nil, trace: .root())
        var attempt = state
        let outgoing = try handler.decide(message, &attempt)
        state = attempt
        var new: [any DomainEvent] = []
        for item in outgoing {
            switch item {
            case .event(let event): new.append(event)
            case .timer(let timer): timers[timer.id] = timer
            case .cancelTimer(let id): timers[id] = nil
            case .direct, .park: Issue.record("routing sends only events and timers")
            }
        }
        events += new
        return new
    }

    @discardableResult
    mutating func triage(_ triaged: CallTriaged) throws(Refusal) -> [any DomainEvent] {
        try handle(.triaged(triaged))
    }

    @discardableResult
    mutating func unit(
        _ unit: String, _ status: UnitStatus, call: CallID? = nil, at date: Date? = nil,
        agency: AgencyID? = nil, outcome: EncounterOutcome? = nil
    ) throws(Refusal) -> [any DomainEvent] {
        let home = state.roster.pairings.first { $0.unit == unit }?.agency ?? "beaumont-pd"
        return try handle(
            .unitStatus(
                UnitStatusChanged(
                    agency: agency ?? home, unit: unit, status: status, at: date ?? now, call: call, outcome: outcome)))
    }

    /// Moves time on and fires what is due.
    @discardableResult
    mutating func wait(_ seconds: Double) throws -> [any DomainEvent] {
        now += seconds
        var fired: [any DomainEvent] = []
        for timer in timers.values.filter({ $0.due <= now }).sorted(by: { $0.due < $1.due }) {
            timers[timer.id] = nil
            fired += try handle(try RoutingInput(timer: timer.kind, data: timer.data))
        }
        return fired
    }

    func call(_ triaged: CallTriaged) throws -> RoutedCall {
        try #require(state.calls[triaged.call])
    }

    func assignment(_ triaged: CallTriaged) throws -> Assignment {
        try #require(state.activeAssignment(ofCall: triaged.call))
    }

    var lastDecision: RoutingDecision? { state.changes.decisions.last }
}

extension [any DomainEvent] {
    /// The events' facts: `offered`, `handed-off`, …
    var facts: [String] { map { type(of: $0).type.fact } }

    func first<Event: DomainEvent>(_ type: Event.Type) throws -> Event {
        try #require(lazy.compactMap { $0 as? Event }.first)
    }
}
