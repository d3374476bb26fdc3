import Contracts
import Foundation
import Messaging

/// What a batch of calls touches, and what it changed.
struct TriageState: Sendable {
    private(set) var calls: [CallID: CallRecord]
    private(set) var places: [PlaceID: PlaceRecord]
    /// The rules for the whole batch, whatever is reloaded meanwhile.
    let ruleSet: RuleSet
    /// Whether its text is in the database already.
    let ruleSetIsStored: Bool

    private(set) var decisions: [Decision] = []
    private(set) var changedCalls: Set<CallID> = []
    private(set) var changedPlaces: Set<PlaceID> = []
    private(set) var visits: [CallID: Visit] = [:]

    init(
        calls: [CallID: CallRecord], places: [PlaceID: PlaceRecord], ruleSet: RuleSet, ruleSetIsStored: Bool
    ) {
        self.calls = calls
        self.places = places
        self.ruleSet = ruleSet
        self.ruleSetIsStored = ruleSetIsStored
    }

    /// Keeps a decision. Returns the event that tells of it.
    mutating func conclude(_ record: CallRecord, _ decision: Decision) -> Outgoing {
        calls[decision.call] = record
        changedCalls.insert(decision.call)
        decisions.append(decision)
        return .event(record.event(decision))
    }

    func earlierCalls(at place: PlaceID?, than call: CallID, _ now: Date, _ window: RepeatPlaces) -> Int {
        place.flatMap { places[$0]?.earlierCalls(than: call, at: now, window: window) } ?? 0
    }

    /// Counts the call at its place, and no longer at the one it was said to be at before. Returns a problem when the
    /// place has now called often enough.
    mutating func visit(
        _ call: CallSnapshot, from former: PlaceID?, _ decision: Decision, _ now: Date, _ window: RepeatPlaces
    ) -> ProblemDetected? {
        guard let place = call.location.place else { return nil }
        if let former, former != place { places[former]?.visits[call.id] = nil }
        let visit = Visit(
            call: call.id, place: place, receivedAt: call.receivedAt,
            program: decision.programs.first?.program ?? .patrol,
            counts: call.status != .cancelled && call.possibleDuplicateOf == nil)
        visits[call.id] = visit
        changedPlaces.insert(place)
        let threshold = window.threshold(for: call.location.placeType)
        let crossing = places[place, default: PlaceRecord(place: place)]
            .record(visit, threshold: threshold, at: now, window: window)
        guard let crossing else { return nil }
        return ProblemDetected(
            place: place, community: call.community, placeType: call.location.placeType,
            address: call.location.address, calls: crossing.map(\.call), windowDays: window.windowDays,
            program: crossing.mostRankedProgram, detectedAt: now)
    }
}
