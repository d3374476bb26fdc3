/// One contestant's runs of one comparison.
struct Measurement: Encodable {
    let name: String
    private(set) var eventsPerSecond: [Double] = []
    /// CPU seconds for ten thousand events: what noise on the machine disturbs least.
    private(set) var workerCPU: [Double] = []
    private(set) var brokerCPU: [Double] = []
    private(set) var databaseCPU: [Double] = []
    private(set) var peakMemoryMegabytes = 0.0
    private(set) var p50: [Double] = []
    private(set) var p99: [Double] = []
    private(set) var latencyCPUPercent: [Double] = []
    private(set) var republished: Int?
    /// What other processes took of the machine, in each run.
    private(set) var foreignCPUPercent: [Double] = []
    private(set) var errors: [String] = []

    init(_ name: String) {
        self.name = name
    }

    mutating func add(_ result: PeerResult) {
        if let drain = result.throughput {
            eventsPerSecond.append(drain.events_per_s)
            let scale = 10_000 / Double(drain.n) / 0.985  // as many of the messages are events
            workerCPU.append(drain.worker_cpu_s * scale)
            brokerCPU.append(drain.rabbit_cpu_s * scale)
            databaseCPU.append(drain.pg_cpu_s * scale)
            peakMemoryMegabytes = max(peakMemoryMegabytes, drain.peak_rss_mb)
            foreignCPUPercent.append(drain.foreign_cpu_pct)
            errors += drain.errors
        }
        if let latency = result.latency {
            p50.append(latency.p50_ms)
            p99.append(latency.p99_ms)
            latencyCPUPercent.append(latency.worker_cpu_pct)
            foreignCPUPercent.append(latency.foreign_cpu_pct)
            if latency.missing > 0 { errors.append("latency: \(latency.missing) events missing") }
        }
        if let crash = result.crash {
            republished = crash.dup_events
            errors += crash.errors.map { "crash: \($0)" }
        }
    }
}

extension [Double] {
    /// Of an even number the upper one; zero of none.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}
