/// Words to look for, as the rule file spells them: `off his meds`, `suicid*` (any ending), `schizophrenic~` (one slip of
/// the keyboard is forgiven).
struct Phrase: Sendable, Equatable {
    let text: String
    let words: [Word]

    enum Word: Sendable, Equatable {
        case exact(String)
        case prefix(String)
        case roughly(String)

        func matches(_ word: String) -> Bool {
            switch self {
            case .exact(let text): word == text
            case .prefix(let text): word.hasPrefix(text)
            case .roughly(let text): word == text || Self.differByOneSlip(text, word)
            }
        }

        /// One letter added, left out, replaced or swapped with its neighbour; never the first.
        static func differByOneSlip(_ a: String, _ b: String) -> Bool {
            guard abs(a.utf8.count - b.utf8.count) <= 1, a.utf8.first == b.utf8.first else { return false }
            let a = Array(a.utf8)
            let b = Array(b.utf8)
            let start = zip(a, b).prefix { $0 == $1 }.count
            let restOfA = a[start...]
            let restOfB = b[start...]
            if a.count > b.count { return restOfA.dropFirst().elementsEqual(restOfB) }
            if a.count < b.count { return restOfA.elementsEqual(restOfB.dropFirst()) }
            if restOfA.dropFirst().elementsEqual(restOfB.dropFirst()) { return true }
            return restOfA.count >= 2 && restOfA.prefix(2).elementsEqual(restOfB.prefix(2).reversed())
                && restOfA.dropFirst(2).elementsEqual(restOfB.dropFirst(2))
        }
    }

    /// Reads the rule file's spelling. Returns nil, when it has no words or a mark where none may be.
    init?(_ text: String) {
        self.text = text
        var words: [Word] = []
        for part in Narrative.fold(text).split(separator: " ") {
            let mark = part.last
            let letters = String(mark == "*" || mark == "~" ? part.dropLast() : part)
            guard !letters.isEmpty, letters.allSatisfy({ $0.isLetter || $0.isNumber }) else { return nil }
            switch mark {
            case "*" where letters.count >= 3: words.append(.prefix(letters))
            case "~" where letters.count >= 6: words.append(.roughly(letters))
            case "*", "~": return nil
            default: words.append(.exact(letters))
            }
        }
        guard !words.isEmpty else { return nil }
        self.words = words
    }

    func matches(_ clause: [String], at index: Int) -> Bool {
        guard index + words.count <= clause.count else { return false }
        return words.indices.allSatisfy { words[$0].matches(clause[index + $0]) }
    }
}
