import Foundation

/// What the environment says about the suite.
enum Settings {
    /// The same seed strikes at the same places.
    static let seed = variable("SEED").flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)

    /// Calls a second of each of the three agencies.
    static let rate = max(1, variable("RATE").flatMap(Int.init) ?? 10)

    /// Only faults whose name has a match of this regular expression.
    private static let only = variable("ONLY")

    /// Whether this one was asked for; nil when none was.
    static func isWanted(_ name: String) -> Bool? {
        only.map { name.range(of: $0, options: .regularExpression) != nil }
    }

    /// How long the whole matrix is to be gone through again and again, after the short form.
    static let minutes = variable("MINUTES").flatMap(Double.init) ?? 0

    /// Where the report goes, as `.json` and `.md`.
    static let report = variable("REPORT")

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["COPPS_FAULT_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }
}
