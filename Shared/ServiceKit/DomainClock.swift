import Contracts
package import Foundation

/// The time that decisions are made at: shifts, deadlines, follow-up windows.
///
/// Real time, or accelerated for demonstrations and drills: every service that is given the same start, origin and
/// rate agrees on it. Message ids, heartbeats and timeouts never use it.
package struct DomainClock: Sendable {
    private let start: Date
    private let origin: Date
    private let rate: Double
    private let real: @Sendable () -> Date

    /// Real time.
    package init(real: @escaping @Sendable () -> Date = { Date() }) {
        self.init(start: .distantPast, origin: .distantPast, rate: 1, real: real)
    }

    /// At the real time `origin` it is `start`; from there domain time runs `rate` times as fast.
    package init(start: Date, origin: Date, rate: Double, real: @escaping @Sendable () -> Date = { Date() }) {
        self.start = start
        self.origin = origin
        self.rate = rate
        self.real = real
    }

    /// Reads `COPPS_CLOCK_START`, `COPPS_CLOCK_ORIGIN` and `COPPS_CLOCK_RATE`; real time when none is set.
    package init(_ settings: inout Settings) {
        let start = settings.optional(
            "COPPS_CLOCK_START", "domain time to start from, RFC 3339", parse: ContractJSON.date)
        let origin = settings.optional(
            "COPPS_CLOCK_ORIGIN", "real time at which domain time starts, RFC 3339", parse: ContractJSON.date)
        let rate = settings.optional("COPPS_CLOCK_RATE", "seconds of domain time a second, above 0 to 100000") { text in
            Double(text).flatMap { $0 > 0 && $0 <= 100_000 ? $0 : nil }
        }
        switch (start, origin) {
        case (let start?, let origin?):
            self.init(start: start, origin: origin, rate: rate ?? 1)
        case (nil, nil) where rate == nil:
            self.init()
        default:
            settings.record(
                "COPPS_CLOCK_START and COPPS_CLOCK_ORIGIN go together: set both, or no COPPS_CLOCK_ at all.")
            self.init()
        }
    }

    /// Whole milliseconds, so that a time survives being written as JSON or stored.
    package func now() -> Date {
        let elapsed = real().timeIntervalSince(origin) * rate
        let seconds = start.timeIntervalSince1970 + elapsed
        return Date(timeIntervalSince1970: (seconds * 1000).rounded(.down) / 1000)
    }

    /// How long to wait, in real time, until it is `due` in domain time. Zero when it is already past.
    package func wait(until due: Date) -> Duration {
        .seconds(max(0, due.timeIntervalSince(now()) / rate))
    }
}
