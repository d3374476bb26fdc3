/// A value that can be bound to a statement, in PostgreSQL's binary format.
///
/// A `RawRepresentable` whose raw value conforms needs no more than the conformance.
package protocol PostgresEncodable: Sendable {
    static var postgresType: PostgresType { get }
    var isNull: Bool { get }
    /// Appends the value without its length. Not called for null.
    func encode(into buffer: inout PostgresBuffer)
}

extension PostgresEncodable {
    package var isNull: Bool { false }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    package static var postgresType: PostgresType { RawValue.postgresType }
    package var isNull: Bool { rawValue.isNull }
    package func encode(into buffer: inout PostgresBuffer) { rawValue.encode(into: &buffer) }
}

/// A type of the server's catalog: its object id and that of its array type.
package struct PostgresType: Sendable {
    let id: UInt32
    let array: UInt32

    package static let bool = PostgresType(id: 16, array: 1000)
    package static let bytea = PostgresType(id: 17, array: 1001)
    package static let int8 = PostgresType(id: 20, array: 1016)
    package static let int2 = PostgresType(id: 21, array: 1005)
    package static let int4 = PostgresType(id: 23, array: 1007)
    package static let text = PostgresType(id: 25, array: 1009)
    package static let float8 = PostgresType(id: 701, array: 1022)
    package static let date = PostgresType(id: 1082, array: 1182)
    package static let timestamptz = PostgresType(id: 1184, array: 1185)
    package static let uuid = PostgresType(id: 2950, array: 2951)
    package static let jsonb = PostgresType(id: 3802, array: 3807)
}

/// Bytes in network order, appended.
package struct PostgresBuffer: Sendable {
    private(set) var bytes: [UInt8] = []

    package mutating func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ raw: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: raw)
    }

    /// One element of an array: its length, then its bytes; -1 is null.
    mutating func append(element: some PostgresEncodable) {
        let start = bytes.count
        append(Int32(-1))
        guard !element.isNull else { return }
        element.encode(into: &self)
        let length = Int32(clamping: bytes.count - start - 4)
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: length.bigEndian, toByteOffset: start, as: Int32.self) }
    }
}
