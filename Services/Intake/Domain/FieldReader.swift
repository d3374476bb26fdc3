import Contracts
import Foundation

/// Reads the fields of a JSON object and notes everything that is wrong, each with its JSON pointer (RFC 6901), so that
/// a CAD's vendor learns of all problems at once.
struct FieldReader {
    private let object: [String: JSONValue]
    private let pointer: String
    private(set) var problems: [Receipt.Problem] = []

    init(_ object: [String: JSONValue], at pointer: String) {
        self.object = object
        self.pointer = pointer
    }

    mutating func note(_ name: String, _ code: String, _ detail: String) {
        problems.append(Receipt.Problem(pointer: "\(pointer)/\(Self.escape(name))", code: code, detail: detail))
    }

    mutating func string(_ name: String, longest: Int = 200) -> String? {
        guard let value = object[name], value != .null else { return nil }
        guard case .string(let text) = value else {
            wrongKind(name, value, "a string")
            return nil
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.unicodeScalars.count <= longest else {
            note(name, "too-long", "At most \(longest) characters.")
            return nil
        }
        guard !text.unicodeScalars.contains("\0") else {
            note(name, "bad-character", "The character U+0000 is not allowed.")
            return nil
        }
        return trimmed.isEmpty ? nil : trimmed
    }

    mutating func required(_ name: String, longest: Int = 200) -> String? {
        let before = problems.count
        let text = string(name, longest: longest)
        if text == nil && problems.count == before { missing(name) }
        return text
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let number = number(name, in: Double(range.lowerBound)...Double(range.upperBound)) else { return nil }
        guard let integer = Int(exactly: number) else {
            note(name, "not-an-integer", "A whole number is expected.")
            return nil
        }
        return integer
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = object[name], value != .null else { return nil }
        guard case .number(let number) = value else {
            wrongKind(name, value, "a number")
            return nil
        }
        guard range.contains(number) else {
            note(name, "out-of-range", "Between \(range.lowerBound) and \(range.upperBound).")
            return nil
        }
        return number
    }

    mutating func time(_ name: String) -> Date? {
        guard let text = string(name, longest: 40) else { return nil }
        guard let date = ContractJSON.date(text) else {
            note(name, "not-a-time", "An RFC 3339 time with its offset is expected, for example 2026-11-02T08:15:30Z.")
            return nil
        }
        return date
    }

    /// A member that must be an object, read by `read`, whose problems are added to these.
    mutating func object<Value>(_ name: String, _ read: (inout FieldReader) -> Value?) -> Value? {
        guard let value = object[name], value != .null else { return nil }
        guard case .object(let members) = value else {
            wrongKind(name, value, "an object")
            return nil
        }
        var nested = FieldReader(members, at: "\(pointer)/\(Self.escape(name))")
        let result = read(&nested)
        problems += nested.problems
        return result
    }

    /// A member that must be an array of objects.
    mutating func objects<Value>(_ name: String, most: Int, _ read: (inout FieldReader) -> Value?) -> [Value] {
        guard let value = object[name], value != .null else { return [] }
        guard case .array(let items) = value else {
            wrongKind(name, value, "an array")
            return []
        }
        guard items.count <= most else {
            note(name, "too-many", "At most \(most) items.")
            return []
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            var nested = FieldReader([:], at: "\(pointer)/\(Self.escape(name))/\(index)")
            if case .object(let members) = item {
                nested = FieldReader(members, at: nested.pointer)
                if let value = read(&nested) { values.append(value) }
                problems += nested.problems
            } else {
                problems.append(
                    Receipt.Problem(
                        pointer: nested.pointer, code: "wrong-type", detail: "An object is expected, not \(item.kind)."))
            }
        }
        return values
    }

    /// Members of an object of words, as vocabulary.
    mutating func words<Key: OpenEnumeration, Value: OpenEnumeration>(
        _ name: String, _: Key.Type, _: Value.Type
    ) -> [Key: Value] {
        object(name) { fields in
            var words: [Key: Value] = [:]
            for key in fields.object.keys.prefix(100).sorted() {
                if let text = fields.string(key, longest: 40) { words[Key(rawValue: key)] = Value(rawValue: text) }
            }
            return words
        } ?? [:]
    }

    /// An array of words.
    mutating func list<Value: OpenEnumeration>(_ name: String, of _: Value.Type) -> [Value] {
        guard let value = object[name], value != .null else { return [] }
        guard case .array(let items) = value else {
            wrongKind(name, value, "an array")
            return []
        }
        return items.prefix(100).compactMap { item in
            guard case .string(let text) = item else { return nil }
            return Value(rawValue: text)
        }
    }

    mutating func missing(_ name: String) {
        note(name, "missing", "This field is required.")
    }

    private mutating func wrongKind(_ name: String, _ value: JSONValue, _ expected: String) {
        note(name, "wrong-type", "Expected \(expected), not \(value.kind).")
    }

    private static func escape(_ name: String) -> String {
        name.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
