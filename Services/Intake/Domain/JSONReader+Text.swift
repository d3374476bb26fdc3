extension JSONReader {
    /// The position is at the opening quote.
    mutating func string() throws(Fault) -> String {
        position += 1
        var content: [UInt8] = []
        while true {
            let start = position
            while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                position += 1
            }
            content += bytes[start..<position]
            if take("\"") { break }
            guard take("\\") else { throw fault("a character of a string, or its closing quote") }
            content += String(try escaped()).utf8
        }
        guard let text = String(validating: content, as: UTF8.self) else { throw fault("text in UTF-8") }
        return text
    }

    private mutating func escaped() throws(Fault) -> Unicode.Scalar {
        let escape = next
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(escape ?? 0)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimal()
            guard UTF16.isLeadSurrogate(unit) else {
                guard let scalar = Unicode.Scalar(unit) else { throw fault("no half of a surrogate pair") }
                return scalar
            }
            guard take("\\u") else { throw fault("the second half of a surrogate pair") }
            let second = try hexadecimal()
            guard UTF16.isTrailSurrogate(second) else { throw fault("the second half of a surrogate pair") }
            return UTF16.decode(UTF16.EncodedScalar([unit, second]))
        default: throw fault("one of \" \\ / b f n r t u after a backslash")
        }
    }

    private mutating func hexadecimal() throws(Fault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw fault("four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
