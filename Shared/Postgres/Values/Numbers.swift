extension Bool: PostgresCodable {
    package static var postgresType: PostgresType { .bool }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(UInt8(self ? 1 : 0)) }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        _ = try cell.content(of: .bool)
        self = try cell.integer(UInt8.self) != 0
    }
}

extension Int16: PostgresCodable {
    package static var postgresType: PostgresType { .int2 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        _ = try cell.content(of: .int2)
        self = try cell.integer(Int16.self)
    }
}

extension Int32: PostgresCodable {
    package static var postgresType: PostgresType { .int4 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        _ = try cell.content(of: .int4)
        self = try cell.integer(Int32.self)
    }
}

/// Written as `int8`, read from any of the three integer types.
extension Int: PostgresCodable {
    package static var postgresType: PostgresType { .int8 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(Int64(self)) }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        switch cell.type {
        case PostgresType.int8.id: self = Int(try cell.integer(Int64.self))
        case PostgresType.int4.id: self = Int(try cell.integer(Int32.self))
        case PostgresType.int2.id: self = Int(try cell.integer(Int16.self))
        default: throw PostgresMismatch("of another type")
        }
    }
}

/// Written as `float8`, read from `float8` and `float4`.
extension Double: PostgresCodable {
    package static var postgresType: PostgresType { .float8 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(bitPattern) }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        switch cell.type {
        case PostgresType.float8.id: self = Double(bitPattern: try cell.integer(UInt64.self))
        case 700: self = Double(Float(bitPattern: try cell.integer(UInt32.self)))
        default: throw PostgresMismatch("of another type")
        }
    }
}
