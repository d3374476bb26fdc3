import Foundation

/// What the pipeline did, judged.
struct PipelineReport: BenchReport {
    let n: Int
    let callsPerSecond: Double
    let eventsPerSecond: Double
    let p50: Double
    let p99: Double
    let services: [Consumption]
    /// CPU seconds for ten thousand calls.
    let servers: [String: Double]
    let failures: [String]
    let before: MachineFacts
    let after: MachineFacts

    struct Consumption: Encodable {
        let service: String
        let atRest: Double
        let peak: Double
        let cpuPer10k: Double
    }

    init(
        n: Int, callsPerSecond: Double, eventsPerSecond: Double, p50: Double, p99: Double, services: [Consumption],
        servers: [String: Double],
        thresholds: Thresholds.Pipeline, before: MachineFacts, after: MachineFacts
    ) {
        (self.n, self.services, self.servers, self.before, self.after) = (n, services, servers, before, after)
        (self.callsPerSecond, self.eventsPerSecond, self.p50, self.p99) = (callsPerSecond, eventsPerSecond, p50, p99)
        let atRest = services.map(\.atRest).max() ?? 0
        let peak = services.map(\.peak).max() ?? 0
        failures = [
            (callsPerSecond >= thresholds.callsPerSecond, "calls/s: goal ≥ \(thresholds.callsPerSecond)"),
            (p50 <= thresholds.latencyP50Milliseconds, "p50, ms: goal ≤ \(thresholds.latencyP50Milliseconds)"),
            (p99 <= thresholds.latencyP99Milliseconds, "p99, ms: goal ≤ \(thresholds.latencyP99Milliseconds)"),
            (atRest <= thresholds.memoryAtRestMegabytes, "MB at rest: goal ≤ \(thresholds.memoryAtRestMegabytes)"),
            (peak <= thresholds.memoryDrainingMegabytes, "MB draining: goal ≤ \(thresholds.memoryDrainingMegabytes)"),
        ].filter { !$0.0 }.map(\.1)
    }

    var text: String {
        let lines = [
            "\(n) calls drained at \(Report.figure(callsPerSecond)) calls/s, \(Report.figure(eventsPerSecond)) events/s",
            "latency p50 \(Report.figure(p50)) ms, p99 \(Report.figure(p99)) ms", "",
        ]
        let ours = services.map { ($0.service, [$0.atRest, $0.peak, $0.cpuPer10k].map(Report.figure)) }
        let rest = servers.sorted { $0.key < $1.key }.map { ($0.key, ["", "", Report.figure($0.value)]) }
        return
            (lines + table(["MB at rest", "MB at most", "CPU s / 10k calls"], ours + rest) + [
                "", "before: \(before)", "after: \(after)", "",
            ]
            + (failures.isEmpty ? ["Every goal is met."] : failures)).joined(separator: "\n")
    }
}
