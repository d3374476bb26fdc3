import Foundation

/// What the figures depend on besides the programs.
struct MachineFacts: Encodable, CustomStringConvertible {
    let processor: String
    let cores: Int
    let memoryGigabytes: Int
    let kernel: String
    /// Of the last minute.
    let load: String

    static func now() -> Self {
        let model = text("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        return Self(
            processor: model?.split(separator: ": ").last.map(String.init) ?? "unknown",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryGigabytes: Int(ProcessInfo.processInfo.physicalMemory >> 30),
            kernel: text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines),
            load: text("/proc/loadavg").split(separator: " ").first.map(String.init) ?? "unknown")
    }

    var description: String {
        "\(cores) × \(processor), \(memoryGigabytes) GB, Linux \(kernel), load \(load)"
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
