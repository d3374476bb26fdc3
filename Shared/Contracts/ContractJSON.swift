public import Foundation

/// How contract values are written as JSON: keys are the property names, sorted, so the same value is always the same
/// bytes; times are RFC 3339 in UTC with milliseconds; nothing is escaped that need not be.
public enum ContractJSON {
    /// Throws `EncodingError`, for example for a number that is not finite.
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(timestamp(date))
        }
        return try encoder.encode(value)
    }

    /// Unknown keys are ignored, unknown vocabulary is kept (``OpenEnumeration``). Throws `DecodingError`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = date(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }
}

extension KeyedEncodingContainer {
    /// Ids are lower case in JSON; Foundation writes a UUID in upper case. Synthesized `encode(to:)` prefers this one.
    mutating func encode(_ id: UUID, forKey key: Key) throws {
        try encode(id.uuidString.lowercased(), forKey: key)
    }
}
