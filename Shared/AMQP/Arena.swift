import CRabbitMQ
import Foundation

/// Memory in which a method or a message is laid out as librabbitmq wants it, until the next ``recycle()``.
///
/// Not Sendable: lives inside one actor.
final class Arena {
    private let pool: UnsafeMutablePointer<amqp_pool_t>

    init() {
        pool = .allocate(capacity: 1)
        init_amqp_pool(pool, 4096)
    }

    deinit {
        empty_amqp_pool(pool)
        pool.deallocate()
    }

    /// Everything laid out so far becomes invalid.
    func recycle() {
        recycle_amqp_pool(pool)
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
    }

    func table(_ values: [String: HeaderValue]) throws(AMQPError) -> amqp_table_t {
        let entries = allocate(amqp_table_entry_t.self, values.count)
        for (index, (key, value)) in values.enumerated() {
            // The library would cut the length, and with it the frame, without a word.
            guard key.utf8.count <= UInt8.max else { throw AMQPError(.notEncodable, "encode a header") }
            entries[index] = amqp_table_entry_t(key: bytes(key), value: try field(value))
        }
        return amqp_table_t(num_entries: Int32(entries.count), entries: entries.baseAddress)
    }

    private func field(_ value: HeaderValue) throws(AMQPError) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        let kind: amqp_field_value_kind_t
        switch value {
        case .string(let text): (kind, field.value.bytes) = (AMQP_FIELD_KIND_UTF8, bytes(text))
        case .int(let number): (kind, field.value.i64) = (AMQP_FIELD_KIND_I64, Int64(number))
        case .bool(let flag): (kind, field.value.boolean) = (AMQP_FIELD_KIND_BOOLEAN, flag ? 1 : 0)
        case .double(let number): (kind, field.value.f64) = (AMQP_FIELD_KIND_F64, number)
        case .timestamp(let date): (kind, field.value.u64) = (AMQP_FIELD_KIND_TIMESTAMP, date.wholeSeconds)
        case .bytes(let data): (kind, field.value.bytes) = (AMQP_FIELD_KIND_BYTES, data.withUnsafeBytes(copy))
        case .table(let values): (kind, field.value.table) = (AMQP_FIELD_KIND_TABLE, try table(values))
        case .array(let values): (kind, field.value.array) = (AMQP_FIELD_KIND_ARRAY, try array(values))
        case .null: kind = AMQP_FIELD_KIND_VOID
        }
        field.kind = UInt8(truncatingIfNeeded: kind.rawValue)
        return field
    }

    private func array(_ values: [HeaderValue]) throws(AMQPError) -> amqp_array_t {
        let entries = allocate(amqp_field_value_t.self, values.count)
        for (index, value) in values.enumerated() { entries[index] = try field(value) }
        return amqp_array_t(num_entries: Int32(entries.count), entries: entries.baseAddress)
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        let copy = allocate(UInt8.self, source.count)
        UnsafeMutableRawBufferPointer(copy).copyMemory(from: source)
        return amqp_bytes_t(len: copy.count, bytes: copy.baseAddress)
    }

    private func allocate<Element>(_ type: Element.Type, _ count: Int) -> UnsafeMutableBufferPointer<Element> {
        guard count > 0 else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
        guard let memory = amqp_pool_alloc(pool, count * MemoryLayout<Element>.stride) else {
            fatalError("out of memory")
        }
        return UnsafeMutableBufferPointer(start: memory.bindMemory(to: type, capacity: count), count: count)
    }
}

extension Date {
    /// Seconds since 1970 as AMQP counts them; earlier times become 1970.
    var wholeSeconds: UInt64 { UInt64(exactly: max(0, timeIntervalSince1970).rounded(.down)) ?? 0 }
}
