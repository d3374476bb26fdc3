import ArgumentParser
import Foundation

/// Measures two ways to keep what is still to be published, the database alone.
struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract:
            "Measures the ledger with its pointers beside a table with published_at; deploy/bench starts Postgres.",
        discussion: """
            One session appends batches, each committed durably, while another reads what is pending and notes what was \
            published, with the batches that services have. Nothing is vacuumed. Both are measured twice, the second \
            time beside a transaction that is left open.
            """)

    @Option(help: "How many messages.")
    var n = 20_000

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let site = try Site()
        guard let postgres = site.servers["postgres"] else {
            throw ValidationError("COPPS_POSTGRES_PID is not set: run this by deploy/bench.")
        }
        let before = MachineFacts.now()
        var outcomes: [OutboxOutcome] = []
        for isHeld in [false, true] {
            for design in OutboxDesign.allCases {
                let trial = OutboxTrial(design: design, isHeld: isHeld, n: n, site: site, postgres: postgres)
                Progress.note(trial.name)
                outcomes.append(try await trial.run())
            }
        }
        try OutboxReport(n: n, outcomes: outcomes, before: before, after: .now()).print(asJSON: json)
    }
}
