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
        for name in names {
            let bytes = Array(name.utf8)
            withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes)
        }
        return UUID(bytes: Array(hash.finalize().prefix(16)), version: 5)
    }

    /// RFC 9562 version 7: milliseconds of real time, then random bits, so that ids made in different milliseconds sort
    /// by time. Message ids are made by this, once.
    public static func v7(at date: Date = Date()) -> UUID {
        let milliseconds = UInt64(max(0, (date.timeIntervalSince1970 * 1000).rounded()))
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        withUnsafeBytes(of: UUID().uuid) { bytes.append(contentsOf: $0.suffix(10)) }
        return UUID(bytes: bytes, version: 7)
    }

    /// The time inside a version 7 id; nil for other versions.
    public var v7Time: Date? {
        guard uuid.6 >> 4 == 7 else { return nil }
        let milliseconds = withUnsafeBytes(of: uuid) { $0.prefix(6).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    private static let coppsNamespace = UUID(
        uuid: (0x6F, 0x0C, 0x1D, 0x6E, 0x2F, 0x0A, 0x5B, 0x1C, 0x9E, 0x6B, 0xC0, 0xBB, 0x5C, 0x0B, 0xB5, 0xC0))

    private init(bytes: [UInt8], version: UInt8) {
        var value = UUID().uuid
        withUnsafeMutableBytes(of: &value) { target in
            target.copyBytes(from: bytes)
            target[6] = target[6] & 0x0F | version << 4
            target[8] = target[8] & 0x3F | 0x80
        }
        self.init(uuid: value)
    }
}
