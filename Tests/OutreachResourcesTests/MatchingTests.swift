import Contracts
import Foundation
import Testing

@testable import OutreachResources

@Suite("Matching")
struct MatchingTests {
    let directory: OutreachResources.Directory

    init() throws {
        directory = try Samples.directory()
    }

    @Test(
        "age, area and legal status decide whether a service may help",
        arguments: [
            (MatchQuery(need: .youth, ageBand: .youth, at: Samples.now), 2),
            (MatchQuery(need: .youth, ageBand: .adult, at: Samples.now), 0),
            (MatchQuery(need: .youth, ageBand: .youth, legalStatus: .hold, at: Samples.now), 1),
            (MatchQuery(need: .crisis, ageBand: .adult, legalStatus: .hold, at: Samples.now), 1),
            (MatchQuery(need: .crisis, ageBand: .child, legalStatus: .hold, at: Samples.now), 1),
            (MatchQuery(need: .detox, ageBand: .adult, community: .outside, at: Samples.now), 1),
            (MatchQuery(need: .detox, ageBand: .adult, legalStatus: .custody, at: Samples.now), 1),
            (MatchQuery(need: .shelter, ageBand: .olderAdult, community: .cabazon, at: Samples.now), 1),
            (MatchQuery(need: "housing-voucher", at: Samples.now), 0),
        ])
    func mayServe(query: MatchQuery, count: Int) {
        #expect(directory.matches(query).count == count)
    }

    @Test("what is not known excludes nothing")
    func unknown() {
        let all = directory.services.filter { $0.needs.contains(.crisis) }.count
        #expect(directory.matches(MatchQuery(need: .crisis, at: Samples.now)).count == all)
    }

    @Test("a service that speaks the person's language comes first")
    func language() throws {
        let matches = directory.matches(MatchQuery(need: .crisis, ageBand: .adult, language: "vi", at: Samples.now))
        #expect(try #require(matches.first).service.name == "Warm line")
        #expect(matches.map(\.score) == matches.map(\.score).sorted(by: >))
    }

    @Test("opening hours at the time asked for change the order")
    func hours() throws {
        let night = Samples.now + 12 * Samples.hour
        func first(_ date: Date) throws -> String {
            try #require(directory.matches(MatchQuery(need: .food, at: date)).first).service.name
        }
        #expect(try first(Samples.now + 2 * Samples.hour) == "Hot meals")
        let closed = directory.matches(MatchQuery(need: .food, at: night))
        #expect(closed.allSatisfy { $0.reasons.contains("closed now") })
    }

    @Test("a fresh \"full\" puts a service last; three days later it says nothing")
    func capacity() throws {
        let query = MatchQuery(need: .detox, ageBand: .adult, community: .banning, at: Samples.now)
        let best = try #require(directory.matches(query).first).service
        func order(observedAt date: Date) -> [UUID] {
            let seen = CapacityObservation(service: best.id, count: 0, source: "phone", observedAt: date)
            return directory.matches(query, capacity: [best.id: seen]).map(\.service.id)
        }
        #expect(order(observedAt: Samples.now - 600).last == best.id)
        #expect(order(observedAt: Samples.now - 80 * Samples.hour).first == best.id)
    }

    @Test(
        "an observation weighs less with every hour", arguments: [(0.0, 1.0), (6, 0.5), (12, 0.25), (72, 0), (-1, 1)])
    func ageing(hours: Double, weight: Double) {
        let seen = CapacityObservation(
            service: UUID(), band: .few, source: "portal", observedAt: Samples.now - hours * Samples.hour)
        #expect(abs(seen.weight(at: Samples.now) - weight) < 1e-9)
    }

    @Test("a service that said no is not asked again")
    func excluding() throws {
        var query = MatchQuery(need: .detox, ageBand: .adult, at: Samples.now)
        let best = try #require(directory.matches(query).first).service
        query.excluding = [best.id]
        #expect(!directory.matches(query).contains { $0.service.id == best.id })
    }

    @Test(
        "hours run past midnight and stop when they should",
        arguments: [
            ("2026-11-02T16:59:00-08:00", false), ("2026-11-02T17:00:00-08:00", true),
            ("2026-11-03T07:59:00-08:00", true), ("2026-11-03T08:00:00-08:00", false),
            ("2026-11-04T03:00:00-08:00", false), ("2026-07-06T17:00:00-07:00", true),
        ])
    func overnight(time: String, isOpen: Bool) throws {
        let hours = OpeningHours(
            id: UUID(), days: [.monday], opens: 17 * 60, closes: 8 * 60, timeZone: Samples.timeZone)
        #expect(hours.isOpen(at: try #require(ContractJSON.date(time))) == isOpen)
    }

    @Test("the whole day is the whole day")
    func allDay() {
        let hours = OpeningHours(
            id: UUID(), days: OpeningHours.Weekday.allCases, opens: 0, closes: 1440, timeZone: Samples.timeZone)
        for hour in 0..<48 { #expect(hours.isOpen(at: Samples.now + Double(hour) * Samples.hour)) }
    }
}
