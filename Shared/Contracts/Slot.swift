public import Foundation

/// One of 64 lanes, fixed for ever, by which a stream is divided among queues without losing order per key.
///
/// FNV-1a-64 of the id's sixteen bytes modulo 64: stable across processes and languages, which `Hasher` is not.
public struct Slot: Hashable, Sendable, CustomStringConvertible {
    public static let count = 64
    public static let all = (0..<count).map(Slot.init(number:))
    public let number: Int

    private init(number: Int) { self.number = number }

    public init(_ id: UUID) {
        let hash = withUnsafeBytes(of: id.uuid) { bytes in
            bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
        }
        number = Int(hash % UInt64(Self.count))
    }

    /// The last word of the routing key, `s00` to `s63`.
    public var description: String { number < 10 ? "s0\(number)" : "s\(number)" }
}
