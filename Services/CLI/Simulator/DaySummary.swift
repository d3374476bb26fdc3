import Contracts

/// What became of the day's calls and messages, and whether it adds up.
struct DaySummary: Encodable {
    let calls: Int
    /// How calls ended, by how many did.
    let outcomes: [String: Int]
    let byLevel: [String: Int]
    let receipts: [String: Int]
    let mischief: [String: Int]
    /// Whatever is not accounted for, in words.
    let missing: [String]

    var addsUp: Bool { missing.isEmpty }

    init(_ ledger: DayLedger) {
        calls = ledger.calls.count
        outcomes = Self.count(ledger.calls.values.map { $0.ending ?? "open" })
        byLevel = Self.count(ledger.calls.values.map { $0.level.map { "level \($0)" } ?? "not triaged" })
        var receipts: [String: Int] = [:]
        for outcome in Receipt.Outcome.allCases { receipts[outcome.rawValue] = ledger.count(outcome) }
        self.receipts = receipts
        mischief = Dictionary(uniqueKeysWithValues: ledger.mischief.map { ($0.key.rawValue, $0.value) })
        var missing = ledger.open.map { "\($0.name) has no end (\($0.state))" }
        for outcome in [Receipt.Outcome.duplicate, .stale, .rejected] {
            let expected = ledger.mischief.filter { $0.key.expected == outcome }.reduce(0) { $0 + $1.value }
            if ledger.count(outcome) != expected {
                missing.append("\(expected) receipts should say \(outcome.rawValue), \(ledger.count(outcome)) do")
            }
        }
        self.missing = missing
    }

    var text: String {
        var lines = ["", "What became of \(calls) calls"]
        lines += Self.rows(outcomes)
        lines += ["", "How urgent they were"] + Self.rows(byLevel)
        lines += ["", "What the dispatch systems were answered"] + Self.rows(receipts)
        lines += ["", "Mischief in what they sent"] + Self.rows(mischief)
        lines.append("")
        lines += addsUp ? ["Every call and every message is accounted for."] : ["Not accounted for:"] + missing
        return lines.joined(separator: "\n")
    }

    private static func count(_ words: [String]) -> [String: Int] {
        words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private static func rows(_ counts: [String: Int]) -> [String] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, count in
            let digits = String(count)
            return String(repeating: " ", count: max(0, 7 - digits.count)) + digits + "  " + name
        }
    }
}

extension DayLedger.Entry {
    fileprivate var state: String {
        "received \(isReceived), level \(level.map(String.init) ?? "none"), "
            + "program \(program?.rawValue ?? "none"), offers \(offers), \(status)"
    }
}
