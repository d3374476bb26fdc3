/// Reads the top level of a JSON object that is written plainly: no escapes, nothing beyond ASCII, no exponents.
///
/// What it accepts is valid JSON, checked to the last byte; of anything else it says nothing, valid or not, and whoever
/// asks takes `JSONDecoder`.
struct PlainJSON {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    typealias Text = Slice<UnsafeBufferPointer<UInt8>>

    enum Value {
        /// Without its quotes.
        case string(Text)
        case other(Text)
    }

    /// Calls `visit` with each name and value of the object. False when it is not plain.
    static func read(_ raw: UnsafeRawBufferPointer, _ visit: (_ name: Text, _ value: Value) -> Void) -> Bool {
        var json = PlainJSON(raw.bindMemory(to: UInt8.self))
        json.skipSpace()
        guard json.object(depth: 0, visit) else { return false }
        json.skipSpace()
        return json.position == json.bytes.count
    }

    private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace() {
        while next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func object(depth: Int, _ visit: (Text, Value) -> Void) -> Bool {
        members("{", "}") { json in
            guard let name = json.string() else { return false }
            json.skipSpace()
            guard json.take(":") else { return false }
            json.skipSpace()
            guard let value = json.value(depth: depth) else { return false }
            visit(name, value)
            return true
        }
    }

    private mutating func members(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ member: (inout Self) -> Bool
    ) -> Bool {
        guard take(opening) else { return false }
        skipSpace()
        if take(closing) { return true }
        repeat {
            skipSpace()
            guard member(&self) else { return false }
            skipSpace()
        } while take(",")
        return take(closing)
    }

    private mutating func value(depth: Int) -> Value? {
        let start = position
        switch next {
        case UInt8(ascii: "\""): return string().map(Value.string)
        case UInt8(ascii: "{"): guard depth < 32, object(depth: depth + 1, { _, _ in }) else { return nil }
        case UInt8(ascii: "["):
            guard depth < 32, members("[", "]", { $0.value(depth: depth + 1) != nil }) else { return nil }
        case UInt8(ascii: "t"): guard word("true") else { return nil }
        case UInt8(ascii: "f"): guard word("false") else { return nil }
        case UInt8(ascii: "n"): guard word("null") else { return nil }
        default: guard number() else { return nil }
        }
        return .other(bytes[start..<position])
    }

    private mutating func string() -> Text? {
        guard take("\"") else { return nil }
        let start = position
        while next >= 0x20, next < 0x80, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { position += 1 }
        let text = bytes[start..<position]
        return take("\"") ? text : nil
    }

    private mutating func number() -> Bool {
        _ = take("-")
        guard take("0") || digits() else { return false }
        return take(".") ? digits() : true
    }

    private mutating func digits() -> Bool {
        let start = position
        while (48...57).contains(next) { position += 1 }
        return position > start
    }

    private mutating func word(_ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            guard bytes[position...].starts(with: word) else { return false }
            position += word.count
            return true
        }
    }
}
