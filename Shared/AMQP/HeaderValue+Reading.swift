import CRabbitMQ
import Foundation

extension HeaderValue {
    /// Values nested deeper than this are read as null: nobody means them, and a stack is finite.
    private static let deepest = 32

    /// Copies a value out of librabbitmq's memory.
    init(_ field: amqp_field_value_t, depth: Int = 0) {
        let value = field.value
        switch amqp_field_value_kind_t(UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: self = .bool(value.boolean != 0)
        case AMQP_FIELD_KIND_I8: self = .int(Int(value.i8))
        case AMQP_FIELD_KIND_U8: self = .int(Int(value.u8))
        case AMQP_FIELD_KIND_I16: self = .int(Int(value.i16))
        case AMQP_FIELD_KIND_U16: self = .int(Int(value.u16))
        case AMQP_FIELD_KIND_I32: self = .int(Int(value.i32))
        case AMQP_FIELD_KIND_U32: self = .int(Int(value.u32))
        case AMQP_FIELD_KIND_I64: self = .int(Int(value.i64))
        case AMQP_FIELD_KIND_U64: self = Int(exactly: value.u64).map(Self.int) ?? .double(Double(value.u64))
        case AMQP_FIELD_KIND_F32: self = .double(Double(value.f32))
        case AMQP_FIELD_KIND_F64: self = .double(value.f64)
        case AMQP_FIELD_KIND_DECIMAL:
            self = .double(Double(value.decimal.value) / pow(10, Double(value.decimal.decimals)))
        case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(Date(timeIntervalSince1970: Double(value.u64)))
        case AMQP_FIELD_KIND_UTF8: self = value.bytes.validText.map(Self.string) ?? .bytes(value.bytes.data)
        case AMQP_FIELD_KIND_BYTES: self = .bytes(value.bytes.data)
        case AMQP_FIELD_KIND_ARRAY where depth < Self.deepest:
            let entries = UnsafeBufferPointer(start: value.array.entries, count: Int(value.array.num_entries))
            self = .array(entries.map { HeaderValue($0, depth: depth + 1) })
        case AMQP_FIELD_KIND_TABLE where depth < Self.deepest:
            self = .table(Self.table(value.table, depth: depth + 1))
        default: self = .null
        }
    }

    /// Copies a table; of a key that occurs twice the last value counts.
    static func table(_ table: amqp_table_t, depth: Int = 0) -> [String: HeaderValue] {
        let entries = UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries))
        return Dictionary(
            entries.map { ($0.key.text, HeaderValue($0.value, depth: depth)) }, uniquingKeysWith: { _, last in last })
    }
}

extension amqp_bytes_t {
    private var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: len) }

    /// The bytes as text; what is not UTF-8 is replaced.
    var text: String { String(decoding: buffer, as: UTF8.self) }

    /// The bytes as text, nil when they are not UTF-8.
    var validText: String? { String(validating: buffer, as: UTF8.self) }

    var data: Data { Data(buffer) }
}
