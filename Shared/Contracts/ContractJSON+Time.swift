public import Foundation

/// Times as RFC 3339 writes them. Foundation's own style drops a millisecond in half of all cases, takes 30 February for
/// 2 March and counts by another calendar before 1582; a message that is read and written again must not change, so
/// this is our own.
extension ContractJSON {
    /// Seconds since 1970 of the years that can be written.
    private static let years = -62_135_596_800.0..<253_402_300_800.0

    /// `2026-11-02T08:15:30.250Z`: UTC, rounded to the millisecond. Outside the years 1 to 9999 it is the nearest time
    /// that can be written.
    public static func timestamp(_ date: Date) -> String {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        let nearest = max(years.lowerBound * 1000, min(milliseconds, years.upperBound * 1000 - 1))
        let (days, rest) = Int(nearest).flooredDivision(by: 86_400_000)
        let (year, month, day) = civil(daysSince1970: days)
        let (seconds, fraction) = (rest / 1000, rest % 1000)
        let parts =
            [
                (year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (seconds / 3600, 2, ":"), (seconds / 60 % 60, 2, ":"),
                (seconds % 60, 2, "."), (fraction, 3, "Z"),
            ] as [(Int, Int, Unicode.Scalar)]
        return String(unsafeUninitializedCapacity: 24) { text in
            var end = 0
            for (number, digits, mark) in parts {
                var rest = number
                for place in (end..<end + digits).reversed() {
                    text[place] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                text[end + digits] = UInt8(ascii: mark)
                end += digits + 1
            }
            return end
        }
    }

    /// Reads `2026-11-02T08:15:30Z` with any offset from UTC and any fraction of a second.
    ///
    /// Returns nil for anything else, a time without an offset and a day that does not exist among them, and for a time
    /// that is before the year 1 or after 9999 in UTC.
    public static func date(_ text: String) -> Date? {
        var text = text[...].utf8
        guard let year = text.takeNumber(digits: 4), text.take("-") != nil,
            let month = text.takeNumber(digits: 2), text.take("-") != nil,
            let day = text.takeNumber(digits: 2), text.take("T", "t") != nil,
            let hour = text.takeNumber(digits: 2), text.take(":") != nil,
            let minute = text.takeNumber(digits: 2), text.take(":") != nil,
            let second = text.takeNumber(digits: 2), let fraction = text.takeFraction(),
            let offset = text.takeOffset(), text.isEmpty,
            year > 0, (1...12).contains(month), (1...days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let days = daysSince1970(year, month, day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard years.contains(Double(seconds)) else { return nil }
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// In the Gregorian calendar, counting years from March so that a leap day comes last.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    /// The other way round.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (cycle, dayOfCycle) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let (month, day) = ((5 * dayOfYear + 2) / 153, dayOfYear - (153 * ((5 * dayOfYear + 2) / 153) + 2) / 5 + 1)
        return (cycle * 400 + yearOfCycle + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9, day)
    }
}

extension Int {
    /// The remainder is not negative.
    fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Substring.UTF8View {
    /// Takes one of the given characters from the front.
    fileprivate mutating func take(_ characters: Unicode.Scalar...) -> Unicode.Scalar? {
        guard let next = first.map({ Unicode.Scalar($0) }), characters.contains(next) else { return nil }
        removeFirst()
        return next
    }

    fileprivate mutating func takeNumber(digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = takeDigit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Nothing is no fraction; a point without digits is a mistake.
    fileprivate mutating func takeFraction() -> Double? {
        guard take(".") != nil else { return 0 }
        guard let tenths = takeDigit() else { return nil }
        var (value, scale) = (Double(tenths), 10.0)
        while let digit = takeDigit() {
            guard scale < 1e9 else { continue }  // nobody asks for less than a nanosecond
            (value, scale) = (value * 10 + Double(digit), scale * 10)
        }
        return value / scale
    }

    /// Seconds east of Greenwich.
    fileprivate mutating func takeOffset() -> Int? {
        if take("Z", "z") != nil { return 0 }
        guard let sign = take("+", "-"), let hours = takeNumber(digits: 2), take(":") != nil,
            let minutes = takeNumber(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private mutating func takeDigit() -> Int? {
        guard let byte = first, (48...57).contains(byte) else { return nil }
        removeFirst()
        return Int(byte) - 48
    }
}
