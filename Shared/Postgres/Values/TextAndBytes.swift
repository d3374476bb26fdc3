package import Foundation

/// Written as `text`, read from the text types, JSON and enumerations.
extension String: PostgresCodable {
    package static var postgresType: PostgresType { .text }

    package func encode(into buffer: inout PostgresBuffer) {
        var text = self
        text.withUTF8 { buffer.append(UnsafeRawBufferPointer($0)) }
    }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        switch cell.type {
        case PostgresType.text.id, 1043 /* varchar */, 1042 /* char(n) */, 19 /* name */, 114 /* json */, 705, 16384...:
            guard let text = String(validating: try cell.content, as: UTF8.self) else {
                throw PostgresMismatch("not UTF-8")
            }
            self = text
        default: throw PostgresMismatch("of another type")
        }
    }
}

extension UUID: PostgresCodable {
    package static var postgresType: PostgresType { .uuid }

    package func encode(into buffer: inout PostgresBuffer) {
        withUnsafeBytes(of: uuid) { buffer.append($0) }
    }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        let content = try cell.content(of: .uuid)
        guard content.count == 16 else { throw PostgresMismatch("of unexpected length") }
        self.init(uuid: content.loadUnaligned(as: uuid_t.self))
    }
}

extension Data: PostgresCodable {
    package static var postgresType: PostgresType { .bytea }

    package func encode(into buffer: inout PostgresBuffer) {
        withUnsafeBytes { buffer.append($0) }
    }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        self.init(try cell.content(of: .bytea))
    }
}

/// A JSON document as its text: bound as `jsonb`, so the server checks it; what comes back is equal, not the same bytes.
package struct JSONB: Hashable, Sendable {
    package let bytes: Data

    package init(bytes: Data) {
        self.bytes = bytes
    }
}

extension JSONB: PostgresCodable {
    private static let version: UInt8 = 1

    package static var postgresType: PostgresType { .jsonb }

    package func encode(into buffer: inout PostgresBuffer) {
        buffer.append(Self.version)
        bytes.withUnsafeBytes { buffer.append($0) }
    }

    package init(postgres cell: PostgresCell) throws(PostgresMismatch) {
        let content = try cell.content(of: .jsonb)
        guard content.first == Self.version else { throw PostgresMismatch("of an unknown version") }
        self.init(bytes: Data(content.dropFirst()))
    }
}
