import Contracts
import Foundation

/// When a place that keeps calling becomes a candidate for problem solving.
struct RepeatPlaces: Sendable, Equatable {
    let windowDays: Int
    let calls: Int
    /// Places where many calls are normal, with a number of their own.
    let callsFor: [PlaceType: Int]

    func threshold(for place: PlaceType) -> Int { callsFor[place] ?? calls }

    /// The earliest time that still counts at `now`.
    func start(of now: Date) -> Date { now.addingTimeInterval(-Double(windowDays) * 86_400) }
}

/// One call at a place.
struct Visit: Sendable, Equatable {
    let call: CallID
    let place: PlaceID
    let receivedAt: Date
    /// The program that ranked first.
    let program: Program
    /// False for a cancelled call and for another agency's call about the same event.
    let counts: Bool
}

/// The calls of one place, and whether it was announced.
struct PlaceRecord: Sendable, Equatable {
    let place: PlaceID
    var isAnnounced = false
    var visits: [CallID: Visit] = [:]

    /// Calls within the window other than `call`: the history that the rules see.
    func earlierCalls(than call: CallID, at now: Date, window: RepeatPlaces) -> Int {
        counted(at: now, window: window).count { $0.call != call }
    }

    /// Takes a visit in. Returns the visits, oldest first, when with this one the place crosses the threshold: once,
    /// until it has fallen below and crosses it again.
    mutating func record(_ visit: Visit, threshold: Int, at now: Date, window: RepeatPlaces) -> [Visit]? {
        if counted(at: now, window: window).count < threshold { isAnnounced = false }
        visits[visit.call] = visit
        let counted = counted(at: now, window: window)
        guard counted.count >= threshold else {
            isAnnounced = false
            return nil
        }
        guard !isAnnounced else { return nil }
        isAnnounced = true
        return counted
    }

    private func counted(at now: Date, window: RepeatPlaces) -> [Visit] {
        let start = window.start(of: now)
        return visits.values.filter { $0.counts && $0.receivedAt > start }
            .sorted { ($0.receivedAt, $0.call) < ($1.receivedAt, $1.call) }
    }
}

extension [Visit] {
    /// The program that ranked first most often; of equals, the latest.
    var mostRankedProgram: Program {
        let counts = Dictionary(grouping: self, by: \.program).mapValues(\.count)
        let most = counts.values.max()
        return last { counts[$0.program] == most }?.program ?? .patrol
    }
}
