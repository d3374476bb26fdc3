import ArgumentParser
import Foundation

/// Who is measured.
enum Contestant {
    case peer(String)
    case ours(command: String)

    var name: String {
        switch self {
        case .peer(let name): name
        case .ours: "copps"
        }
    }

    /// The command of our worker, which is in this very program.
    static func worker(_ options: [String] = []) throws -> String {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return ([program, "worker"] + options).joined(separator: " ")
    }
}

/// The peers' harness: `bench.py`, which starts a worker, checks everything it did, and measures it.
struct PeerBench {
    static let phases = ["throughput", "latency", "crash"]

    private let folder: URL
    private let n: Int

    /// - Throws: what is missing, in words.
    init(folder: URL, n: Int) throws {
        self.folder = folder
        self.n = n
        for (file, remedy) in [
            ("bench.py", "Give the peers' folder by --peers."),
            ("bin/goworker", "Install Go and run build.sh there, see README.md."),
            (".venv/bin/python", "Make the Python environment there, see README.md."),
        ] where !FileManager.default.fileExists(atPath: folder.appending(path: file).path) {
            throw ValidationError("There is no \(file) in \(folder.path). \(remedy)")
        }
        guard FileManager.default.isWritableFile(atPath: folder.path) else {
            throw ValidationError("\(folder.path) is not writable: copy it, and give the copy by --peers.")
        }
    }

    /// Runs each of the phases once.
    func run(_ contestant: Contestant, phases: [String]) throws -> PeerResult {
        var arguments = ["bench.py", "--n", "\(n)", "--repeat", "1", "--phases", phases.joined(separator: ",")]
        let schema = FileManager.default.temporaryDirectory.appending(path: "copps-bench-worker.sql")
        switch contestant {
        case .peer(let name): arguments += ["--peer", name]
        case .ours(let command):
            try WorkerSchema.script.write(to: schema, atomically: true, encoding: .utf8)
            arguments += ["--cmd", command, "--name", contestant.name, "--schema", schema.path]
            arguments += ["--calls-sql", WorkerSchema.callsQuery, "--outbox-sql", WorkerSchema.outboxQuery]
        }
        // What an earlier run left there would be taken over for the phases that are not run now.
        let result = folder.appending(path: "results/\(contestant.name).json")
        try? FileManager.default.removeItem(at: result)
        let process = Process()
        process.executableURL = folder.appending(path: ".venv/bin/python")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let data = try? Data(contentsOf: result) else {
            throw ValidationError("bench.py failed with \(contestant.name). Do its servers run (up.sh)?")
        }
        return try JSONDecoder().decode(PeerResult.self, from: data)
    }
}

/// What `bench.py` writes of one peer, as far as it is used here.
struct PeerResult: Decodable {
    let throughput: Drain?
    let latency: Latency?
    let crash: Drain?

    struct Drain: Decodable {
        let events_per_s, worker_cpu_s, rabbit_cpu_s, pg_cpu_s, peak_rss_mb, foreign_cpu_pct: Double
        let dup_events, n: Int
        let errors: [String]
    }

    struct Latency: Decodable {
        let p50_ms, p99_ms, worker_cpu_pct, foreign_cpu_pct: Double
        let missing: Int
    }
}
