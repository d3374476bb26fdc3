import Crypto
public import Foundation

extension UUID {
    /// RFC 9562 version 5: the same names give the same id everywhere.
    ///
    /// The namespace is `6f0c1d6e-2f0a-5b1c-9e6b-c0bb5c0bb5c0`. The name that is hashed is each given name's UTF-8 bytes
    /// after their count as four big-endian bytes, so ("ab", "c") and ("a", "bc") differ.
    public static func v5(_ names: String...) -> UUID {
        var hash = Insecure.SHA1()
        withUnsafeBytes(of: coppsNamespace.uuid) { hash.update(bufferPointer: $0) }
        for var name in names {
            name.withUTF8 { bytes in
                withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { hash.update(bufferPointer: $0) }
                hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            }
        }
        return hash.finalize().withUnsafeBytes { digest in
            UUID(
                UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)), version: 5)
        }
    }

    /// RFC 9562 version 7: milliseconds of real time, then random bits, so that ids made in different milliseconds sort
    /// by time. Message ids are made by this, once.
    public static func v7(at date: Date = Date()) -> UUID {
        let milliseconds = UInt64(max(0, (date.timeIntervalSince1970 * 1000).rounded()))
        // Not Foundation's own random id: on Linux it opens /dev/urandom each time.
        var random = SystemRandomNumberGenerator()
        return UUID(milliseconds << 16 | random.next() >> 48, random.next(), version: 7)
    }

    /// The time inside a version 7 id; nil for other versions.
    public var v7Time: Date? {
        guard uuid.6 >> 4 == 7 else { return nil }
        let milliseconds = withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) >> 16 }
        return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    private static let coppsNamespace = UUID(
        uuid: (0x6F, 0x0C, 0x1D, 0x6E, 0x2F, 0x0A, 0x5B, 0x1C, 0x9E, 0x6B, 0xC0, 0xBB, 0x5C, 0x0B, 0xB5, 0xC0))

    /// - Parameters:
    ///   - high: the first eight bytes, in which the version replaces four bits.
    ///   - low: the others, in which the variant replaces two.
    private init(_ high: UInt64, _ low: UInt64, version: UInt64) {
        let halves = (
            (high & ~0xF000 | version << 12).bigEndian, (low & ~(3 << 62) | 1 << 63).bigEndian
        )
        self.init(uuid: withUnsafeBytes(of: halves) { $0.loadUnaligned(as: uuid_t.self) })
    }
}
