import Foundation

/// Hours that repeat every week, by the wall clock of a time zone: through a change to or from daylight saving time a
/// shift still begins at the hour the crew knows.
struct WeeklyShift: Sendable, Equatable {
    let days: Set<Weekday>
    /// Minutes after midnight. An end not after the start is on the next day.
    let start: Int
    let end: Int
    let calendar: Calendar

    init(days: Set<Weekday>, start: Int, end: Int, timeZone: TimeZone) {
        self.days = days
        self.start = start
        self.end = end
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        self.calendar = calendar
    }

    /// The shifts that have some time in the window, in order.
    func spans(in window: Span) -> [Span] {
        var spans: [Span] = []
        // Midday, because every day has one whatever the clocks do; the day before may reach into the window.
        guard
            var day = calendar.date(
                bySettingHour: 12, minute: 0, second: 0, of: window.start.addingTimeInterval(-86400))
        else { return [] }
        while day.addingTimeInterval(-86400) < window.end {
            if let span = span(beginningOn: day), span.overlaps(window) { spans.append(span) }
            guard let next = calendar.date(byAdding: .day, value: 1, to: day) else { break }
            day = next
        }
        return spans
    }

    private func span(beginningOn day: Date) -> Span? {
        guard let weekday = Weekday(rawValue: calendar.component(.weekday, from: day)), days.contains(weekday),
            let from = calendar.date(bySettingHour: start / 60, minute: start % 60, second: 0, of: day),
            let lastDay = end > start ? day : calendar.date(byAdding: .day, value: 1, to: day),
            let to = calendar.date(bySettingHour: end / 60, minute: end % 60, second: 0, of: lastDay), to > from
        else { return nil }
        return Span(start: from, end: to)
    }
}

/// Numbered as `Calendar` numbers them.
enum Weekday: Int, Sendable, CaseIterable {
    case sunday = 1, monday, tuesday, wednesday, thursday, friday, saturday

    /// `mon`, `tue`, …
    var abbreviation: String { String("\(self)".prefix(3)) }
}

/// A stretch of time that includes its start and not its end.
struct Span: Sendable, Equatable, Codable {
    let start: Date
    let end: Date

    func contains(_ date: Date) -> Bool { start <= date && date < end }
    func overlaps(_ other: Span) -> Bool { start < other.end && other.start < end }
}

extension [Span] {
    /// The same time without overlaps, in order.
    func merged() -> [Span] {
        sorted { $0.start < $1.start }.reduce(into: []) { merged, span in
            if let last = merged.last, span.start <= last.end {
                merged[merged.count - 1] = Span(start: last.start, end: Swift.max(last.end, span.end))
            } else {
                merged.append(span)
            }
        }
    }

    func subtracting(_ holes: [Span]) -> [Span] {
        holes.reduce(self) { spans, hole in
            spans.flatMap { span -> [Span] in
                guard span.overlaps(hole) else { return [span] }
                return [Span(start: span.start, end: hole.start), Span(start: hole.end, end: span.end)]
                    .filter { $0.start < $0.end }
            }
        }
    }
}
