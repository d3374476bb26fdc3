import Contracts
import Foundation
import Testing

@testable import CBATRouting

@Suite("Shifts")
struct ShiftTests {
    @Test(
        "the pairs on shift are those whose hours it is",
        arguments: [
            ("2026-11-04 06:59", []),
            ("2026-11-04 07:00", ["beaumont"]),
            ("2026-11-04 10:00", ["banning", "beaumont"]),
            ("2026-11-04 14:00", ["banning", "beaumont", "cabazon"]),
            ("2026-11-04 17:00", ["banning", "cabazon"]),
            ("2026-11-04 23:59", ["cabazon"]),
            ("2026-11-05 00:00", []),
            ("2026-11-01 12:00", []),
        ])
    func onShift(_ time: String, _ expected: [String]) throws {
        let roster = try Samples.roster()
        #expect(roster.pairsOnShift(at: try Samples.time(time), []).map(\.pairing.id) == expected)
    }

    @Test("the next shift is found across the days on which nobody rides")
    func next() throws {
        let roster = try Samples.roster()
        let saturdayNight = try Samples.time("2026-11-07 23:00")
        #expect(roster.nextShiftStart(after: saturdayNight, within: 72, []) == (try Samples.time("2026-11-09 07:00")))
        #expect(roster.nextShiftStart(after: saturdayNight, within: 12, []) == nil)
        let start = try Samples.time("2026-11-09 07:00")
        #expect(roster.nextShiftStart(after: start, within: 72, []) == (try Samples.time("2026-11-10 07:00")))
    }

    @Test("a shift begins at the hour the crew knows on both sides of a change of the clocks")
    func daylightSaving() throws {
        let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
        let shift = WeeklyShift(days: Set(Weekday.allCases), start: 7 * 60, end: 17 * 60, timeZone: zone)
        let window = Span(start: try Samples.time("2026-10-31 00:00"), end: try Samples.time("2026-11-03 00:00"))
        let starts = shift.spans(in: window).map(\.start)
        #expect(
            starts == [
                try Samples.time("2026-10-31 07:00"), try Samples.time("2026-11-01 07:00"),
                try Samples.time("2026-11-02 07:00"),
            ])
        #expect(starts[1].timeIntervalSince(starts[0]) == 25 * 3600)
    }

    @Test("a night shift lasts through the change of the clocks")
    func night() throws {
        let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
        let shift = WeeklyShift(days: [.saturday], start: 20 * 60, end: 4 * 60, timeZone: zone)
        let window = Span(start: try Samples.time("2026-11-01 03:00"), end: try Samples.time("2026-11-01 03:01"))
        let span = try #require(shift.spans(in: window).first)
        #expect(span.start == (try Samples.time("2026-10-31 20:00")))
        #expect(span.end.timeIntervalSince(span.start) == 9 * 3600)
    }

    @Test("an explicit offset keeps one hour all year round")
    func offset() throws {
        let text = try Samples.rosterText().replacing("timeZone: America/Los_Angeles", with: "timeZone: \"-08:00\"")
        let roster = try Roster.load(yaml: text)
        let july = try Samples.time("2026-07-01 07:30")  // 06:30 by the offset
        #expect(roster.pairsOnShift(at: july, []).isEmpty)
        #expect(roster.pairsOnShift(at: july.addingTimeInterval(1800), []).map(\.pairing.id) == ["beaumont"])
    }

    private func exception(
        _ pairing: String, _ from: String, _ to: String, substitute: String? = nil
    ) throws -> RosterException {
        RosterException(
            id: .v5(pairing, from, to), kind: substitute == nil ? .outOfService : .swap, pairing: pairing,
            substitute: substitute, span: Span(start: try Samples.time(from), end: try Samples.time(to)),
            reason: "test", madeBy: "tester")
    }

    @Test("a pair out of service does not ride, and rides again afterwards")
    func outOfService() throws {
        let roster = try Samples.roster()
        let exceptions = [try exception("beaumont", "2026-11-04 09:00", "2026-11-04 12:00")]
        #expect(
            roster.pairsOnShift(at: try Samples.time("2026-11-04 08:59"), exceptions).map(\.pairing.id) == ["beaumont"])
        #expect(
            roster.pairsOnShift(at: try Samples.time("2026-11-04 11:00"), exceptions).map(\.pairing.id) == ["banning"])
        #expect(roster.pairsOnShift(at: try Samples.time("2026-11-04 12:00"), exceptions).count == 2)
    }

    @Test("in a swap the substitute rides instead, also on a day it never does")
    func swap() throws {
        let roster = try Samples.roster()
        let swap = try exception("beaumont", "2026-11-02 07:00", "2026-11-02 17:00", substitute: "cabazon")
        try roster.check(swap, beside: [])
        #expect(roster.pairsOnShift(at: try Samples.time("2026-11-02 08:00"), [swap]).map(\.pairing.id) == ["cabazon"])
        #expect(
            roster.nextShiftStart(after: try Samples.time("2026-11-02 06:00"), within: 72, [swap])
                == (try Samples.time("2026-11-02 07:00")))
    }

    @Test("an exception that makes no sense is refused")
    func conflicts() throws {
        let text = try Samples.rosterText().replacing(
            "clinician: clinician-specimen", with: "clinician: clinician-sample"
        ).replacing("days: [wed, thu, fri], from: \"14:00\"", with: "days: [fri], from: \"14:00\"")
        let roster = try Roster.load(yaml: text)
        let day = ("2026-11-04 07:00", "2026-11-04 17:00")
        #expect(throws: RosterConflict.personInTwoCars("cabazon", "beaumont")) {
            try roster.check(exception("banning", day.0, day.1, substitute: "cabazon"), beside: [])
        }
        #expect(throws: RosterConflict.unknownPairing("x")) {
            try roster.check(exception("x", day.0, day.1), beside: [])
        }
        #expect(throws: RosterConflict.endsBeforeItStarts) {
            try roster.check(exception("banning", day.1, day.0), beside: [])
        }
        #expect(throws: RosterConflict.substituteMissing) {
            try roster.check(exception("banning", day.0, day.1, substitute: "banning"), beside: [])
        }
    }
}
