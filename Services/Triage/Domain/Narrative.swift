import Contracts
import Foundation

/// The words of a call's narrative, ready to be searched: lower case, without accents, cut into clauses.
///
/// Only words can match. Whatever else a narrative says, commands to a machine included, is text and nothing more.
struct Narrative: Sendable {
    /// Each clause is a run of words with no sentence mark between them: a negation does not reach past it.
    let clauses: [[String]]

    init(_ lines: [NarrativeLine]) {
        clauses = lines.flatMap { Self.clauses(in: Self.fold($0.text)) }
    }

    private static let sentenceMarks: Set<Character> = [".", ",", ";", "!", "?", "\n", "\r", "\r\n", "¿", "¡"]
    private static let sentenceMarksInASCII = sentenceMarks.compactMap(\.asciiValue)

    private static func clauses(in text: String) -> [[String]] {
        guard text.isASCII else {
            return text.clauses(at: sentenceMarks.contains) { $0.isLetter || $0.isNumber }.map { $0.map(String.init) }
        }
        return text.utf8.clauses(at: sentenceMarksInASCII.contains) { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }.map { $0.map { String(Substring($0)) } }
    }

    /// One spelling for many: case, accents, full-width letters, apostrophes and invisible characters do not matter.
    static func fold(_ text: String) -> String {
        text.isASCII ? foldASCII(text) : foldUnicode(text)
    }

    /// What ``foldUnicode(_:)`` gives, at a tenth of the price; nearly all narratives are ASCII.
    private static func foldASCII(_ text: String) -> String {
        let folded = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "`"): nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
        return String(decoding: folded, as: UTF8.self)
    }

    private static func foldUnicode(_ text: String) -> String {
        var visible = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "’", "‘", "`": continue
            default: if scalar.properties.generalCategory != .format { visible.append(scalar) }
            }
        }
        return String(visible)
            .folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil).lowercased()
    }
}

extension String {
    fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

extension Collection where SubSequence.SubSequence == SubSequence {
    /// Runs of words with no sentence mark between them.
    fileprivate func clauses(
        at isSentenceMark: (Element) -> Bool, of isPartOfWord: (Element) -> Bool
    ) -> [[SubSequence]] {
        split(whereSeparator: isSentenceMark).map { $0.split { !isPartOfWord($0) } }.filter { !$0.isEmpty }
    }
}
