import Foundation

/// All rounds, for programs and for people.
struct FaultReport: Codable {
    let seed: UInt64
    let callsPerSecond: Int
    let conditions: String
    let verdicts: [Verdict]

    init(seed: UInt64, verdicts: [Verdict]) {
        self.seed = seed
        self.verdicts = verdicts
        callsPerSecond = 3 * Settings.rate
        let information = ProcessInfo.processInfo
        conditions =
            "\(information.operatingSystemVersionString), \(information.activeProcessorCount) cores, "
            + "\(information.physicalMemory >> 30) GiB, debug build"
    }

    /// Writes `<COPPS_FAULT_REPORT><suffix>.json` and `.md`.
    func writeIfAsked(_ suffix: String) throws {
        guard let path = Settings.report.map({ $0 + suffix }) else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path + ".json"))
        try Data(markdown.utf8).write(to: URL(filePath: path + ".md"))
    }

    /// One line a fault, over all its rounds.
    var markdown: String {
        var lines = [
            "# Fault suite", "",
            "Seed \(seed), \(callsPerSecond) calls a second from three agencies, \(conditions).", "",
            "| fault | rounds | attempts | acknowledged | lost | unexpected | duplicated | out of order | recovered "
                + "| seconds to recover, median and longest | longest without a confirm |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        var names: [String] = []
        for verdict in verdicts where !names.contains(verdict.fault) { names.append(verdict.fault) }
        for name in names { lines.append(row(name, verdicts.filter { $0.fault == name })) }
        lines.append(row("**all**", verdicts))
        let problems = verdicts.filter { !$0.isClean }.map { "- round \($0.round): \($0)" }
        lines += problems.isEmpty ? [] : ["", "Not clean:", ""] + problems
        return lines.joined(separator: "\n") + "\n"
    }

    private func row(_ name: String, _ verdicts: [Verdict]) -> String {
        func sum(_ value: (Verdict) -> Int) -> String { String(verdicts.reduce(0) { $0 + value($1) }) }
        let times = verdicts.map(\.secondsToRecover).sorted()
        let median = times.isEmpty ? 0 : times[times.count / 2]
        let cells = [
            name, String(verdicts.count), sum(\.attempts), sum(\.acknowledged), sum(\.lost), sum(\.unexpected),
            sum(\.duplicated), sum(\.disordered), sum(\.recovered), "\(tenths(median)) / \(tenths(times.last ?? 0))",
            tenths(verdicts.map(\.secondsWithoutConfirm).max() ?? 0),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
