import ArgumentParser
import Foundation

/// Measures what single decisions of the core are worth: our worker as it is, and with one of them taken otherwise.
struct AblateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Runs the peers' workload with our worker as it is and in variants, by turns.",
        discussion: """
            Each run of a variant follows one of the worker as it is, so that what else the machine does meets both. The \
            ratio is that of neighbours, the median of all rounds. Needs the peers' folder, as `compare` does. A run \
            takes about a quarter of a minute, and twenty seconds more with --latency.
            """)

    @Argument(help: "What is varied: \(Ablation.allCases.map(\.rawValue).joined(separator: ", ")). All by default.")
    var ablations = Ablation.allCases

    @Option(help: "How many messages are drained in each run.")
    var n = 20_000

    @Option(name: .customLong("repeat"), help: "Rounds of each variant; medians are reported.")
    var rounds = 3

    @Option(help: "The peers' folder.")
    var peers = "../shared/peers"

    @Flag(help: "Measure the latency at 200 messages a second as well.")
    var latency = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let bench = try PeerBench(folder: URL(filePath: peers), n: n)
        let phases = latency ? ["throughput", "latency"] : ["throughput"]
        let before = MachineFacts.now()
        var trials: [AblationReport.Trial] = []
        for ablation in ablations {
            for value in ablation.values {
                let name = "\(ablation.rawValue) \(value)"
                var trial = AblationReport.Trial(base: Measurement("as it is"), variant: Measurement(name))
                for round in 1...max(1, rounds) {
                    Progress.note("round \(round) of \(rounds): \(name)")
                    trial.base.add(try bench.run(.ours(command: try Contestant.worker()), phases: phases))
                    let command = try Contestant.worker(["--\(ablation.rawValue)", value])
                    trial.variant.add(try bench.run(.ours(command: command), phases: phases))
                }
                trials.append(trial)
            }
        }
        let report = AblationReport(n: n, trials: trials, before: before, after: .now())
        try report.print(asJSON: json)
        if !report.failures.isEmpty { throw ExitCode.failure }
    }
}
