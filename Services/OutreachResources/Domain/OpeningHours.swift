import Foundation

/// One weekly rule of an HSDS `schedule`: open on these days between these times, in the directory's
/// local time.
///
/// A rule whose closing is not after its opening runs past midnight; 00:00 to 24:00 is the whole day.
struct OpeningHours: Sendable, Equatable {
    let id: UUID
    let days: [Weekday]
    /// Minutes after local midnight.
    let opens: Int
    let closes: Int
    let timeZone: TimeZone

    init(id: UUID, days: [Weekday], opens: Int, closes: Int, timeZone: TimeZone) {
        self.id = id
        self.days = days
        self.opens = opens
        self.closes = closes
        self.timeZone = timeZone
    }

    /// RFC 5545 day names, as HSDS `byday` spells them. Raw value: the Gregorian calendar's weekday number.
    enum Weekday: Int, Sendable, CaseIterable {
        case sunday = 1
        case monday, tuesday, wednesday, thursday, friday, saturday

        init?(_ name: String) {
            guard let day = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = day
        }

        /// `MO`
        var name: String { "\(self)".prefix(2).uppercased() }
        var previous: Self { Self(rawValue: rawValue == 1 ? 7 : rawValue - 1) ?? .sunday }
    }

    func isOpen(at date: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let local = calendar.dateComponents([.weekday, .hour, .minute], from: date)
        guard let day = Weekday(rawValue: local.weekday ?? 0), let hour = local.hour, let minute = local.minute
        else { return false }
        let now = hour * 60 + minute
        if closes > opens { return days.contains(day) && (opens..<closes).contains(now) }
        return (days.contains(day) && now >= opens) || (days.contains(day.previous) && now < closes)
    }
}
