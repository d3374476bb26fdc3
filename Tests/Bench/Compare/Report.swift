import Foundation

/// A comparison, judged.
struct Report: BenchReport {
    let n: Int
    let peer: Measurement
    let ours: Measurement
    let rows: [Row]
    let failures: [String]
    let before: MachineFacts
    let after: MachineFacts

    struct Row: Encodable {
        let what: String
        let peer: Double
        let ours: Double
        /// In words, empty where nothing is demanded.
        let goal: String
        let isMet: Bool

        var ratio: Double { peer == 0 ? (ours == 0 ? 1 : .infinity) : ours / peer }
    }

    init(
        n: Int, peer: Measurement, ours: Measurement, thresholds: Thresholds.Compare, before: MachineFacts,
        after: MachineFacts
    ) {
        (self.n, self.peer, self.ours, self.before, self.after) = (n, peer, ours, before, after)
        func row(_ what: String, _ value: (Measurement) -> Double) -> Row {
            Row(what: what, peer: value(peer), ours: value(ours), goal: "", isMet: true)
        }
        func row(_ what: String, atMost limit: Double, _ value: (Measurement) -> Double) -> Row {
            let isMet = value(ours) <= limit * value(peer)
            return Row(what: what, peer: value(peer), ours: value(ours), goal: "≤ \(limit) ×", isMet: isMet)
        }
        let rates = row("events/s, median") { $0.eventsPerSecond.median }
        let memory = row("peak memory, MB") { $0.peakMemoryMegabytes }
        rows = [
            Row(
                what: rates.what, peer: rates.peer, ours: rates.ours, goal: "≥ \(thresholds.throughputRatio) ×",
                isMet: rates.ours >= thresholds.throughputRatio * rates.peer),
            row("latency p50, ms", atMost: thresholds.latencyP50Ratio) { $0.p50.median },
            row("latency p99, ms", atMost: thresholds.latencyP99Ratio) { $0.p99.median },
            Row(
                what: memory.what, peer: memory.peer, ours: memory.ours, goal: "≤ \(thresholds.peakMemoryMegabytes)",
                isMet: memory.ours <= thresholds.peakMemoryMegabytes),
            row("published again after kill -9", atMost: thresholds.republishedRatio) { Double($0.republished ?? 0) },
            row("worker CPU s / 10k") { $0.workerCPU.median },
            row("broker CPU s / 10k") { $0.brokerCPU.median },
            row("database CPU s / 10k") { $0.databaseCPU.median },
            row("worker CPU % at 200/s") { $0.latencyCPUPercent.median },
            row("other processes, % of CPU") { $0.foreignCPUPercent.median },
        ]
        failures =
            rows.filter { !$0.isMet }.map { "\($0.what): goal \($0.goal)" }
            + (peer.errors + ours.errors).map { "not correct: \($0)" }
    }

    var text: String {
        let lines = rows.map { row in
            let figures = [row.peer, row.ours, row.ratio].map(Self.figure)
            return (row.what, figures + [row.goal, row.goal.isEmpty ? "" : row.isMet ? "met" : "MISSED"])
        }
        let spread = [peer, ours].map { measurement in
            "\(measurement.name): \(measurement.eventsPerSecond.map(Self.figure).joined(separator: ", ")) events/s; "
                + "others took \(measurement.foreignCPUPercent.map(Self.figure).joined(separator: ", ")) %"
        }
        let verdict = failures.isEmpty ? ["Every goal is met."] : failures
        return
            (table([peer.name, ours.name, "ratio", "goal", ""], lines) + [""] + spread + [
                "before: \(before)", "after: \(after)", "",
            ] + verdict)
            .joined(separator: "\n")
    }

    static func figure(_ value: Double) -> String {
        value.formatted(
            .number.precision(.fractionLength(value < 100 ? 2 : 0)).grouping(.never).locale(
                .init(identifier: "en_US_POSIX")))
    }
}
