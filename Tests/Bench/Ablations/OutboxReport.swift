/// What one design did.
struct OutboxOutcome: Encodable {
    let name: String
    /// Until all were appended and noted as published.
    var milliseconds = 0.0
    var postgresCPU = 0.0
    /// What each of the relay's rounds took, noting and reading, in milliseconds.
    var rounds: [Double] = []
    /// What reading took when all had gone through and a batch was pending, in milliseconds, again and again.
    var reads: [Double] = []
    var deadRows = 0
    /// Tables and indexes.
    var megabytes = 0.0

    init(_ name: String) {
        self.name = name
    }
}

struct OutboxReport: BenchReport {
    let n: Int
    let outcomes: [OutboxOutcome]
    let before: MachineFacts
    let after: MachineFacts

    var text: String {
        let columns = [
            "ms for \(n)", "Postgres, CPU s", "relay at work, ms", "its reading afterwards, ms: first", "then",
            "dead rows", "MB",
        ]
        let rows = outcomes.map { outcome in
            let figures = [
                outcome.milliseconds, outcome.postgresCPU, outcome.rounds.reduce(0, +), outcome.reads.first ?? 0,
                Array(outcome.reads.dropFirst()).median,
            ].map(Report.figure)
            return (outcome.name, figures + ["\(outcome.deadRows)", Report.figure(outcome.megabytes)])
        }
        return (table(columns, rows) + ["", "before: \(before)", "after: \(after)"]).joined(separator: "\n")
    }
}
