/// A value that can be read from a column, in PostgreSQL's binary format.
///
/// A `RawRepresentable` whose raw value conforms needs no more than the conformance.
package protocol PostgresDecodable {
    init(postgres cell: PostgresCell) throws(PostgresMismatch)
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        guard let value = Self(rawValue: try RawValue(postgres: cell)) else {
            throw PostgresMismatch("not one of the known values")
        }
        self = value
    }
}

/// What a column can be written from and read as.
package typealias PostgresCodable = PostgresEncodable & PostgresDecodable

/// Why a value cannot be read as the type asked for.
package struct PostgresMismatch: Error {
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}

/// One value as it came: valid only while it is being decoded.
package struct PostgresCell {
    /// The object id of the value's type.
    let type: UInt32
    /// Nil is null.
    let bytes: UnsafeRawBufferPointer?

    /// The bytes, provided that the value is of that type.
    func content(of type: PostgresType) throws(PostgresMismatch) -> UnsafeRawBufferPointer {
        guard self.type == type.id else { throw PostgresMismatch("of another type") }
        return try content
    }

    var content: UnsafeRawBufferPointer {
        get throws(PostgresMismatch) {
            guard let bytes else { throw PostgresMismatch("null") }
            return bytes
        }
    }

    /// The whole content as one integer.
    func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws(PostgresMismatch) -> Integer {
        let content = try content
        guard content.count == MemoryLayout<Integer>.size else { throw PostgresMismatch("of unexpected length") }
        return Integer(bigEndian: content.loadUnaligned(as: Integer.self))
    }
}
