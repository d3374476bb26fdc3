import Foundation

/// What each command must reach.
struct Thresholds: Codable {
    let compare: Compare
    let pipeline: Pipeline
    let intake: Intake

    /// Ours divided by the peer's, except for the memory.
    struct Compare: Codable {
        let throughputRatio: Double
        let latencyP50Ratio: Double
        let latencyP99Ratio: Double
        let peakMemoryMegabytes: Double
        let republishedRatio: Double
    }

    struct Pipeline: Codable {
        let callsPerSecond: Double
        let latencyP50Milliseconds: Double
        let latencyP99Milliseconds: Double
        let memoryAtRestMegabytes: Double
        let memoryDrainingMegabytes: Double
    }

    struct Intake: Codable {
        let callsPerSecond: Double
    }

    static func checkedIn() throws -> Self {
        try JSONDecoder().decode(Self.self, from: Data(PackageResources.thresholds_json))
    }
}
