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
        // From the day before, whose shift may reach into the window.
        var first = calendar.dateComponents([.year, .month, .day], from: window.start.addingTimeInterval(-86400))
        // Midday, because every day has one, whatever the clocks do.
        first.hour = 12
        guard let day = calendar.date(from: first) else { return [] }
        let count = Int(window.end.timeIntervalSince(day) / 86400) + 2
        return (0..<max(0, count)).compactMap { number in
            let midday = day.addingTimeInterval(Double(number) * 86400)
            return span(beginningOn: calendar.dateComponents([.year, .month, .day, .weekday], from: midday))
        }.filter { $0.overlaps(window) }
    }

    private func span(beginningOn day: DateComponents) -> Span? {
        guard let weekday = day.weekday.flatMap(Weekday.init(rawValue:)), days.contains(weekday),
            let from = date(day, minutes: start), let to = date(day, minutes: end > start ? end : end + 24 * 60),
            to > from
        else { return nil }
        return Span(start: from, end: to)
    }

    private func date(_ day: DateComponents, minutes: Int) -> Date? {
        calendar.date(
            from: DateComponents(
                year: day.year, month: day.month, day: (day.day ?? 1) + minutes / (24 * 60),
                hour: minutes / 60 % 24, minute: minutes % 60))
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
