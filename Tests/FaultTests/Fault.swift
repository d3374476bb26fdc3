import Foundation
import TestSupport
import Testing

/// Something that goes wrong, and goes right again.
struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    /// In the short form as well.
    let isShort: Bool
    /// Not where what was lost is brought back afterwards.
    let keepsOrder: Bool
    /// Makes it so, holds it and takes it away again.
    let strike: @Sendable (Scene, inout SeededRandom) async throws -> Void

    init(
        _ name: String, isShort: Bool = true, keepsOrder: Bool = true,
        _ strike: @escaping @Sendable (Scene, inout SeededRandom) async throws -> Void
    ) {
        self.name = name
        self.isShort = isShort
        self.keepsOrder = keepsOrder
        self.strike = strike
    }

    var testDescription: String { name }

    /// What may happen where there is one broker.
    static let ofOneBroker =
        brokerFaults + networkFaults + databaseFaults + serviceFaults + messageFaults + partitionFaults
    static let all = ofOneBroker + ofCluster

    /// Those that were asked for, and without being asked those of the short form.
    static func short(_ faults: [Fault]) -> [Fault] { faults.filter { Settings.isWanted($0.name) ?? $0.isShort } }
    static func long(_ faults: [Fault]) -> [Fault] { faults.filter { Settings.isWanted($0.name) ?? true } }
}
