public import Foundation

/// Times as RFC 3339 writes them. Foundation's own style drops a millisecond in half of all cases and takes
/// 30 February for 2 March; a message that is read and written again must not change, so this is our own.
extension ContractJSON {
    /// `2026-11-02T08:15:30.250Z`: UTC, rounded to the millisecond.
    public static func timestamp(_ date: Date) -> String {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        // Foundation cuts off what is below a millisecond: a quarter more keeps the one that was meant.
        let nudged = Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000)
        return nudged.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Reads `2026-11-02T08:15:30Z` with any offset from UTC and any fraction of a second.
    ///
    /// Returns nil for anything else, a time without an offset and a day that does not exist among them.
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
