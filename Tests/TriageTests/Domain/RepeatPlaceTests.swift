import Contracts
import Foundation
import Testing
@testable import Triage

@Suite("Places that keep calling")
struct RepeatPlaceTests {
    let window = RepeatPlaces(windowDays: 30, calls: 3, callsFor: [.medical: 10])
    let place = PlaceID(community: .beaumont, address: "1 Example Way")

    @Test("the third call crosses the threshold, the fourth does not cross it again")
    func once() {
        var record = PlaceRecord(place: place)
        #expect(take(1, on: 1, &record) == nil)
        #expect(take(2, on: 2, &record) == nil)
        #expect(take(3, on: 3, &record)?.count == 3)
        #expect(take(4, on: 4, &record) == nil)
    }

    @Test("a second version of the same call is not a second call")
    func versions() {
        var record = PlaceRecord(place: place)
        #expect(take(1, on: 1, &record) == nil)
        #expect(take(2, on: 2, &record) == nil)
        #expect(take(2, on: 2, &record) == nil)
        #expect(record.visits.count == 2)
    }

    @Test("when old calls have left the window, the place can cross again")
    func again() {
        var record = PlaceRecord(place: place)
        for day in 1...3 { _ = take(day, on: day, &record) }
        #expect(take(4, on: 40, &record) == nil)
        #expect(take(5, on: 41, &record) == nil)
        #expect(take(6, on: 42, &record)?.map(\.call) == [call(4), call(5), call(6)])
    }

    @Test("a single call that ages out is enough to cross again")
    func slides() {
        var record = PlaceRecord(place: place)
        for day in [1, 20, 21] { _ = take(day, on: day, &record) }
        #expect(take(32, on: 32, &record)?.count == 3)
    }

    @Test("cancelled calls and calls about the same event do not count")
    func uncounted() {
        var record = PlaceRecord(place: place)
        _ = take(1, on: 1, &record)
        _ = take(2, on: 2, &record)
        #expect(take(3, on: 3, &record, counts: false) == nil)
        #expect(record.earlierCalls(than: call(9), at: .day(4), window: window) == 2)
    }

    @Test("a place type may have a threshold of its own")
    func placeTypes() {
        #expect(window.threshold(for: .medical) == 10)
        #expect(window.threshold(for: .business) == 3)
    }

    @Test("the program is the one most calls were ranked for; of equals, the latest")
    func program() {
        func visits(_ programs: Program...) -> [Visit] {
            programs.enumerated().map {
                Visit(call: call($0), place: place, receivedAt: .day($0), program: $1, counts: true)
            }
        }
        #expect(visits(.cbat, .patrol, .cbat).mostRankedProgram == .cbat)
        #expect(visits(.cbat, .patrol).mostRankedProgram == .patrol)
    }

    private func call(_ number: Int) -> CallID { CallID(agency: "beaumont-pd", number: "\(number)") }

    private func take(_ number: Int, on day: Int, _ record: inout PlaceRecord, counts: Bool = true) -> [Visit]? {
        let visit = Visit(
            call: call(number), place: place, receivedAt: .day(day), program: .cbat, counts: counts)
        return record.record(visit, threshold: 3, at: .day(day), window: window)
    }
}
