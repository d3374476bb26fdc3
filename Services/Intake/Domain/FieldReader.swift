import Contracts
import Foundation

/// Reads the fields of a JSON object and notes everything that is wrong, each with its JSON pointer (RFC 6901), so that
/// a CAD's vendor learns of all problems at once.
struct FieldReader {
    let members: [String: JSONValue]
    let pointer: String
    var problems: [Receipt.Problem] = []

    /// Later than the first and before the second: what is outside has no year that our JSON could write, or no sense.
    private static let times = Date(timeIntervalSince1970: 0)...Date(timeIntervalSince1970: 4_102_444_800)

    /// ASCII that is not white space.
    private static let visible: ClosedRange<UInt8> = 0x21...0x7E

    init(_ members: [String: JSONValue], at pointer: String) {
        self.members = members
        self.pointer = pointer
    }

    mutating func note(_ name: String, _ code: String, _ detail: String) {
        problems.append(Receipt.Problem(pointer: "\(pointer)/\(Self.escape(name))", code: code, detail: detail))
    }

    mutating func missing(_ name: String) {
        note(name, "missing", "This field is required.")
    }

    func has(_ name: String) -> Bool {
        members[name, default: .null] != .null
    }

    /// What `read` finds at a field; when it finds neither a value nor a problem, the field is missing.
    mutating func required<Value>(_ name: String, _ read: (inout FieldReader, String) -> Value?) -> Value? {
        let before = problems.count
        let value = read(&self, name)
        if value == nil && problems.count == before { missing(name) }
        return value
    }

    mutating func required(_ name: String, longest: Int) -> String? {
        required(name) { $0.string($1, longest: longest) }
    }

    /// Text without the white space around it; nil when nothing is left.
    mutating func string(_ name: String, longest: Int = 200) -> String? {
        guard let value = present(name) else { return nil }
        guard case .string(let text) = value else {
            wrongKind(name, value, "a string")
            return nil
        }
        return word(text, name, longest: longest)
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let number = double(name) else { return nil }
        guard let integer = Int(exactly: number), range.contains(integer) else {
            if number.isFinite && number != number.rounded() {
                note(name, "not-an-integer", "A whole number is expected.")
            } else {
                note(name, "out-of-range", "Between \(range.lowerBound) and \(range.upperBound).")
            }
            return nil
        }
        return integer
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let number = double(name) else { return nil }
        guard range.contains(number) else {
            note(name, "out-of-range", "Between \(Int(range.lowerBound)) and \(Int(range.upperBound)).")
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
        guard Self.times.contains(date) else {
            note(name, "impossible-time", "Between the years 1970 and 2100.")
            return nil
        }
        return date
    }

    /// A member that must be an object, read by `read`, whose problems are added to these.
    mutating func object<Value>(_ name: String, _ read: (inout FieldReader) -> Value?) -> Value? {
        guard let value = present(name) else { return nil }
        guard case .object(let members) = value else {
            wrongKind(name, value, "an object")
            return nil
        }
        return nested(members, at: Self.escape(name), read)
    }

    mutating func nested<Value>(
        _ members: [String: JSONValue], at place: String, _ read: (inout FieldReader) -> Value?
    ) -> Value? {
        var fields = FieldReader(members, at: "\(pointer)/\(place)")
        let value = read(&fields)
        problems += fields.problems
        return value
    }

    /// What is there; null is as good as absent.
    func present(_ name: String) -> JSONValue? {
        members[name].flatMap { $0 == .null ? nil : $0 }
    }

    mutating func word(_ text: String, _ name: String, longest: Int) -> String? {
        guard text.unicodeScalars.count <= longest else {
            note(name, "too-long", "At most \(longest) characters.")
            return nil
        }
        guard !text.unicodeScalars.contains("\0") else {
            note(name, "bad-character", "The character U+0000 is not allowed.")
            return nil
        }
        if let first = text.utf8.first, let last = text.utf8.last, Self.visible.contains(first),
            Self.visible.contains(last)
        {
            return text
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : trimmed
    }

    mutating func wrongKind(_ name: String, _ value: JSONValue, _ expected: String) {
        note(name, "wrong-type", "Expected \(expected), not \(value.kind).")
    }

    private mutating func double(_ name: String) -> Double? {
        guard let value = present(name) else { return nil }
        guard case .number(let number) = value else {
            wrongKind(name, value, "a number")
            return nil
        }
        return number
    }

    /// A name as a pointer spells it; shortened, and without U+0000, since receipts are kept in a database.
    static func escape(_ name: String) -> String {
        if name.utf8.count <= 100, !name.utf8.contains(where: { [0x7E, 0x2F, 0].contains($0) }) { return name }
        let name = name.count > 100 ? "\(name.prefix(100))…" : name
        return name.replacing("~", with: "~0").replacing("/", with: "~1").replacing("\0", with: "\u{FFFD}")
    }
}
