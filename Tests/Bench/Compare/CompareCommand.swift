import ArgumentParser
import Foundation

/// Measures our worker and the best of the peers by turns on the same machine, and judges the ratios.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Runs the peers' workload with go-tuned and with our worker, and compares.",
        discussion: """
            Needs the peers' folder (bench.py, built Go worker, Python environment, servers started by up.sh), writable, \
            for bench.py keeps its results there. Takes some five minutes. Exits with 1 when a threshold is missed.
            """)

    @Option(help: "How many messages are drained in each run.")
    var n = 20_000

    @Option(name: .customLong("repeat"), help: "Rounds of both; medians are reported.")
    var rounds = 3

    @Option(help: "The peers' folder.")
    var peers = "../shared/peers"

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let bench = try PeerBench(folder: URL(filePath: peers), n: n)
        let before = MachineFacts.now()
        let contestants = [Contestant.peer("go-tuned"), .ours(command: try Contestant.worker())]
        var measured = [Measurement(contestants[0].name), Measurement(contestants[1].name)]
        for round in 1...max(1, rounds) {
            for (index, contestant) in contestants.enumerated() {
                Progress.note("round \(round) of \(rounds): \(contestant.name)")
                measured[index].add(try bench.run(contestant, phases: round == 1 ? PeerBench.phases : ["throughput"]))
            }
        }
        let report = Report(
            n: n, peer: measured[0], ours: measured[1], thresholds: try Thresholds.checkedIn().compare, before: before,
            after: .now())
        try report.print(asJSON: json)
        if !report.failures.isEmpty { throw ExitCode.failure }
    }
}
