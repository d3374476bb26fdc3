extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }

    package var isNull: Bool { self?.isNull ?? true }

    package func encode(into buffer: inout PostgresBuffer) { self?.encode(into: &buffer) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        self = cell.bytes == nil ? .none : .some(try Wrapped(postgres: cell))
    }
}

/// One-dimensional arrays. An array of arrays is refused by the server.
extension Array: PostgresEncodable where Element: PostgresEncodable {
    package static var postgresType: PostgresType { PostgresType(id: Element.postgresType.array, array: 0) }

    package func encode(into buffer: inout PostgresBuffer) {
        buffer.append(Int32(isEmpty ? 0 : 1))  // dimensions
        buffer.append(Int32(contains { $0.isNull } ? 1 : 0))
        buffer.append(Element.postgresType.id)
        guard !isEmpty else { return }
        buffer.append(Int32(clamping: count))
        buffer.append(Int32(1))  // index of the first element
        for element in self { buffer.append(element: element) }
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        var rest = try cell.content[...]
        let dimensions = try rest.take(Int32.self)
        _ = try rest.take(Int32.self)  // whether there are nulls
        let type = try rest.take(UInt32.self)
        guard dimensions != 0 else {
            self = []
            return
        }
        guard dimensions == 1 else { throw PostgresMismatch("not a one-dimensional array") }
        let count = Int(try rest.take(Int32.self))
        _ = try rest.take(Int32.self)  // index of the first element
        guard (0...rest.count / 4).contains(count) else { throw PostgresMismatch("of unexpected length") }
        self = []
        reserveCapacity(count)
        for _ in 0..<count {
            let length = Int(try rest.take(Int32.self))
            let bytes = length < 0 ? nil : UnsafeRawBufferPointer(rebasing: try rest.take(count: length))
            append(try Element(postgres: PostgresCell(type: type, bytes: bytes)))
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate mutating func take(count: Int) throws(PostgresMismatch) -> Self {
        guard count <= self.count else { throw PostgresMismatch("of unexpected length") }
        defer { removeFirst(count) }
        return prefix(count)
    }

    fileprivate mutating func take<Integer: FixedWidthInteger>(_: Integer.Type) throws(PostgresMismatch) -> Integer {
        let bytes = UnsafeRawBufferPointer(rebasing: try take(count: MemoryLayout<Integer>.size))
        return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
    }
}
