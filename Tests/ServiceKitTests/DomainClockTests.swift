import Contracts
import Foundation
import ServiceKit
import Testing

@Suite("Domain clock")
struct DomainClockTests {
    private let start = Date(timeIntervalSince1970: 1_793_606_400)
    private let origin = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("accelerated time starts at the origin and runs at the rate")
    func acceleration() {
        let real = origin.addingTimeInterval(10)
        let clock = DomainClock(start: start, origin: origin, rate: 360, real: { real })
        #expect(clock.now() == start.addingTimeInterval(3600))
    }

    @Test("before the origin domain time lies before its start")
    func beforeOrigin() {
        let real = origin.addingTimeInterval(-1)
        let clock = DomainClock(start: start, origin: origin, rate: 60, real: { real })
        #expect(clock.now() == start.addingTimeInterval(-60))
    }

    @Test("a wait for a domain time is a real duration, and never negative")
    func waiting() {
        let clock = DomainClock(start: start, origin: origin, rate: 60, real: { [origin] in origin })
        #expect(clock.wait(until: start.addingTimeInterval(3600)) == .seconds(60))
        #expect(clock.wait(until: start.addingTimeInterval(-5)) == .zero)
    }

    @Test("real time passes through, in whole milliseconds")
    func realTime() {
        let clock = DomainClock(real: { Date(timeIntervalSince1970: 1_800_000_000.123_9) })
        #expect(abs(clock.now().timeIntervalSince1970 - 1_800_000_000.123) < 0.000_01)
    }

    @Test("the clock's settings go together")
    func settings() throws {
        var settings = Settings(environment: ["COPPS_CLOCK_START": "2026-11-02T08:00:00Z"])
        _ = DomainClock(&settings)
        #expect(settings.problems.count == 1)

        var complete = Settings(environment: [
            "COPPS_CLOCK_START": "2026-11-02T08:00:00-08:00", "COPPS_CLOCK_ORIGIN": "2000-01-01T00:00:00Z",
            "COPPS_CLOCK_RATE": "2",
        ])
        let clock = DomainClock(&complete)
        try complete.check()
        #expect(clock.now() > Date())
    }
}
