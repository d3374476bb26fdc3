import TestSupport

/// Makes slightly wrong bytes of right ones: always the same of the same seed.
struct Mutator: Sendable {
    var random: SeededRandom
    /// What other documents of the kind pieces are taken from.
    let corpus: [[UInt8]]

    private static let longest = 1 << 15
    private static let bytes: [UInt8] = [0x00, 0x01, 0x22, 0x5C, 0x7B, 0x7F, 0x80, 0xC0, 0xCE, 0xED, 0xFE, 0xFF]
    private static let words: [[UInt8]] = [
        "0", "-0", "-1", "1e999", "1e-999", "2147483648", "9223372036854775808", "99999999999999999999", "null", "true",
        "\"\"", "{}", "[]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\\udc00", "\0", "\u{FEFF}", "\u{202E}",
        "e\u{301}",
        "2026-02-30T25:61:61Z", "+99999-01-01T00:00:00Z", "--", "..", ".v0", "v18446744073709551616",
        "00-00000000000000000000000000000000-0000000000000000-00", "00000000-0000-0000-0000-000000000000",
    ].map { Array($0.utf8) }
    private static let lengths: [UInt32] = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x10000, 0x20000, 0x7FFF_FFFF, 0xFFFF_FFFF]

    mutating func next() -> [UInt8] {
        var document = pick(corpus)
        for _ in 1...random.number(1...4) { mutate(&document) }
        return document
    }

    mutating func mutate(_ document: inout [UInt8]) {
        guard !document.isEmpty else { return document = pick(Self.words) }
        switch random.number(0...11) {
        case 0, 1: document[place(document)] ^= 1 << UInt8(random.number(0...7))
        case 2: document[place(document)] = pick(Self.bytes)
        case 3: document.removeLast(random.number(1...document.count))
        case 4: document.removeSubrange(piece(of: document))
        case 5: repeatPiece(&document)
        case 6:
            let other = pick(corpus)
            if !other.isEmpty { document.replaceSubrange(piece(of: document), with: other[piece(of: other)]) }
        case 7: document.insert(contentsOf: pick(Self.words), at: place(document))
        case 8: replaceNumber(&document)
        case 9: writeLength(&document)
        case 10: nest(&document)
        default: document.swapAt(place(document), place(document))
        }
        if document.count > Self.longest { document.removeLast(document.count - Self.longest) }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[random.number(0...elements.count - 1)]
    }

    private mutating func place(_ document: [UInt8]) -> Int { random.number(0...document.count - 1) }

    private mutating func piece(of document: [UInt8]) -> Range<Int> {
        let start = place(document)
        return start..<min(document.count, start + random.number(1...random.number(1...64)))
    }

    private mutating func repeatPiece(_ document: inout [UInt8]) {
        let range = piece(of: document)
        let copies = (1...random.number(1...random.number(1...100))).flatMap { _ in document[range] }
        document.insert(contentsOf: copies, at: range.upperBound)
    }

    /// The first digits after some place become a number at some edge.
    private mutating func replaceNumber(_ document: inout [UInt8]) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let start = document[place(document)...].firstIndex(where: digits.contains) else { return }
        let end = document[start...].firstIndex { !digits.contains($0) } ?? document.count
        document.replaceSubrange(start..<end, with: pick(Self.words))
    }

    /// Four bytes become a length at some edge, as both protocols write one.
    private mutating func writeLength(_ document: inout [UInt8]) {
        guard document.count >= 4 else { return }
        let start = random.number(0...document.count - 4)
        let length = pick(Self.lengths)
        for index in 0..<4 { document[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
    }

    private mutating func nest(_ document: inout [UInt8]) {
        let depth = random.number(1...random.number(1...2000))
        let range = piece(of: document)
        let (opening, closing) = pick([("[", "]"), ("{\"a\":", "}")])
        let inner = document[range]
        document.replaceSubrange(
            range,
            with: (0..<depth).flatMap { _ in Array(opening.utf8) } + inner
                + (0..<depth).flatMap { _ in Array(closing.utf8) })
    }
}
