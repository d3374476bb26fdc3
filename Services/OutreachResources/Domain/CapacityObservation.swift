import Contracts
import Foundation

/// What somebody saw of a service's capacity, when, and who says so. Never "the number of beds": it only ages.
struct CapacityObservation: Codable, Sendable, Equatable {
    let service: UUID
    /// Free places, when somebody counted.
    let count: Int?
    /// A rough answer, when nobody counted.
    let band: CapacityBand?
    /// Who said so: `phone`, `portal`, `referral`, a name of an organisation.
    let source: String
    let observedAt: Date

    init(service: UUID, count: Int? = nil, band: CapacityBand? = nil, source: String, observedAt: Date) {
        self.service = service
        self.count = count
        self.band = band
        self.source = source
        self.observedAt = observedAt
    }

    /// The rough answer, also where a number was given.
    var level: CapacityBand? {
        guard let count else { return band }
        return count <= 0 ? .full : count <= 2 ? .few : .many
    }

    func age(at now: Date) -> TimeInterval {
        max(0, now.timeIntervalSince(observedAt))
    }

    /// How much the observation still says, 1 when fresh: halved every six hours, nothing after three days.
    func weight(at now: Date) -> Double {
        let hours = age(at: now) / 3600
        return hours >= 72 ? 0 : exp2(-hours / 6)
    }
}

struct CapacityBand: OpenEnumeration {
    let rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }
    static let full: Self = "full"
    static let few: Self = "few"
    static let many: Self = "many"
    static let allCases: [Self] = [.full, .few, .many]
}
