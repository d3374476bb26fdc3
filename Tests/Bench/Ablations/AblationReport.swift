/// What each variant did beside the worker as it is.
struct AblationReport: BenchReport {
    let n: Int
    let rows: [Row]
    let failures: [String]
    let before: MachineFacts
    let after: MachineFacts

    /// A variant, and the worker as it is in the runs between.
    struct Trial {
        var base: Measurement
        var variant: Measurement

        /// Of each two runs that followed each other.
        var ratio: Double {
            zip(variant.eventsPerSecond, base.eventsPerSecond).map { $1 == 0 ? 0 : $0 / $1 }.median
        }
    }

    struct Row: Encodable {
        let variant: Measurement
        let base: Measurement
        /// Events a second, to the worker as it is.
        let ratio: Double
    }

    init(n: Int, trials: [Trial], before: MachineFacts, after: MachineFacts) {
        (self.n, self.before, self.after) = (n, before, after)
        rows = trials.map { Row(variant: $0.variant, base: $0.base, ratio: $0.ratio) }
        failures = trials.flatMap { trial in
            [trial.base, trial.variant].flatMap { side in side.errors.map { "\(side.name): not correct: \($0)" } }
        }
    }

    /// The worker as it is has a row beside each variant: what it did in the same minutes.
    var text: String {
        let columns = [
            "events/s, median", "ratio", "worker, CPU s / 10k", "broker", "database", "MB at most", "p50, ms",
            "p99, ms",
            "others, % of CPU",
        ]
        let lines = rows.flatMap { row in
            [(row.variant.name, Self.cells(row.variant, row.ratio)), (row.base.name, Self.cells(row.base, 1))]
        }
        return (table(columns, lines) + ["", "before: \(before)", "after: \(after)"] + failures)
            .joined(separator: "\n")
    }

    private static func cells(_ side: Measurement, _ ratio: Double) -> [String] {
        let latency = [side.p50, side.p99].map { $0.isEmpty ? "" : Report.figure($0.median) }
        let figures = [
            side.eventsPerSecond.median, ratio, side.workerCPU.median, side.brokerCPU.median, side.databaseCPU.median,
            side.peakMemoryMegabytes,
        ].map(Report.figure)
        return figures + latency + [Report.figure(side.foreignCPUPercent.median)]
    }
}
