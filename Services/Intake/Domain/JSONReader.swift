import Contracts
import Foundation

/// Reads JSON exactly as RFC 8259 has it, because a message comes from outside: UTF-8 only, no comma too many, no name
/// twice in an object (readers differ on which one counts), at most 64 deep. Whatever the bytes, it throws and never
/// traps, and it takes time in proportion to their count.
struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    /// The names and indices that lead to the value being read.
    private var path: [String] = []
    private static let deepest = 64

    /// What is wrong with the document, and where.
    struct Fault: Error {
        let problem: Receipt.Problem
    }

    static func read(_ data: Data) throws(Fault) -> JSONValue {
        var reader = JSONReader(bytes: Array(data))
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == reader.bytes.count else { throw reader.fault("nothing more") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value() throws(Fault) -> JSONValue {
        skipSpace()
        guard path.count <= Self.deepest else {
            throw fault("at most \(Self.deepest) levels of arrays and objects")
        }
        switch next {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
        default:
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            if take("null") { return .null }
            throw fault("a value")
        }
    }

    private mutating func object() throws(Fault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes") }
            let name = try string()
            path.append(name)
            skipSpace()
            guard take(":") else { throw fault("a colon") }
            guard members.updateValue(try value(), forKey: name) == nil else {
                let pointer = path.map { "/" + FieldReader.escape($0) }.joined()
                throw Fault(
                    problem: .init(pointer: pointer, code: "repeated-name", detail: "An object has this name twice."))
            }
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("}") else { throw fault("a comma or }") }
        return members
    }

    private mutating func array() throws(Fault) -> [JSONValue] {
        var items: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return items }
        repeat {
            path.append(String(items.count))
            items.append(try value())
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("]") else { throw fault("a comma or ]") }
        return items
    }

    private mutating func number() throws(Fault) -> Double {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw fault("a number")
        }
        return number
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw fault("a digit") }
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    mutating func take(_ text: StaticString) -> Bool {
        let end = position + text.utf8CodeUnitCount
        guard end <= bytes.count,
            text.withUTF8Buffer({ $0.elementsEqual(bytes[position..<end]) })
        else { return false }
        position = end
        return true
    }

    func fault(_ expected: String) -> Fault {
        Fault(problem: .init(pointer: "", code: "not-json", detail: "Expected \(expected) at byte \(position)."))
    }
}
