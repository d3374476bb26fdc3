package import Foundation

/// `timestamptz`, to the microsecond. The distant past and future of Foundation are also how the server's infinities
/// are read; a date that is no number is written as infinity.
extension Date: PostgresCodable {
    /// From the server's epoch, 2000-01-01, to Foundation's, 2001-01-01, in seconds.
    private static let epochOffset = 31_622_400.0

    package static var postgresType: PostgresType { .timestamptz }

    package func encode(into buffer: inout PostgresBuffer) {
        let microseconds = ((timeIntervalSinceReferenceDate + Self.epochOffset) * 1_000_000).rounded()
        buffer.append(Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max))
    }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        _ = try cell.content(of: .timestamptz)
        let microseconds = try cell.integer(Int64.self)
        switch microseconds {
        case .min: self = .distantPast
        case .max: self = .distantFuture
        default: self.init(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - Self.epochOffset)
        }
    }
}

/// A day of the calendar without a time, the column type `date`. The least and the greatest are the server's infinities.
package struct PostgresDay: Hashable, Sendable, Comparable {
    package let daysSince1970: Int32

    package init(daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    /// The day in UTC that the moment belongs to.
    package init(_ date: Date) {
        let days = (date.timeIntervalSince1970 / 86_400).rounded(.down)
        daysSince1970 = Int32(exactly: days) ?? (days < 0 ? .min : .max)
    }

    /// The day's first moment in UTC.
    package var start: Date { Date(timeIntervalSince1970: Double(daysSince1970) * 86_400) }

    package static func < (left: Self, right: Self) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

extension PostgresDay: PostgresCodable {
    /// Days from 1970-01-01 to the server's epoch, 2000-01-01.
    private static let epochOffset = 10_957

    package static var postgresType: PostgresType { .date }

    package func encode(into buffer: inout PostgresBuffer) {
        let isInfinite = daysSince1970 == .min || daysSince1970 == .max
        buffer.append(isInfinite ? daysSince1970 : Int32(clamping: Int(daysSince1970) - Self.epochOffset))
    }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        _ = try cell.content(of: .date)
        let days = try cell.integer(Int32.self)
        let isInfinite = days == .min || days == .max
        self.init(daysSince1970: isInfinite ? days : Int32(clamping: Int(days) + Self.epochOffset))
    }
}
