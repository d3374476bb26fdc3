import Contracts
import Foundation

/// The words of a call's narrative, ready to be searched: lower case, without accents, cut into clauses.
///
/// Only words can match. Whatever else a narrative says, commands to a machine included, is text and nothing more.
struct Narrative: Sendable {
    /// Each clause is a run of words with no sentence mark between them: a negation does not reach past it.
    let clauses: [[String]]

    init(_ lines: [NarrativeLine]) {
        clauses = lines.flatMap { Self.clauses(in: $0.text) }
    }

    private static let sentenceMarks: Set<Character> = [".", ",", ";", "!", "?", "\n", "\r", "\r\n", "¿", "¡"]

    private static func clauses(in text: String) -> [[String]] {
        fold(text).split(whereSeparator: sentenceMarks.contains)
            .map { clause in clause.split { !$0.isLetter && !$0.isNumber }.map(String.init) }
            .filter { !$0.isEmpty }
    }

    /// One spelling for many: case, accents, full-width letters, apostrophes and invisible characters do not matter.
    static func fold(_ text: String) -> String {
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
