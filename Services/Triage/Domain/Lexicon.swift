/// Every phrase of every fact, sorted by first letter, so that a narrative is read once however many phrases there are.
struct Lexicon: Sendable, Equatable {
    private let entries: [Character: [Entry]]
    private let negation: Negation

    private struct Entry: Sendable, Equatable {
        let fact: FactName
        let phrase: Phrase
    }

    /// A phrase found in a narrative.
    struct Mention: Sendable, Hashable {
        let fact: FactName
        /// The words as they were said.
        let words: String
        let isNegated: Bool
    }

    init(_ facts: [FactDefinition], negation: Negation) {
        var entries: [Character: [Entry]] = [:]
        for fact in facts {
            for phrase in fact.words {
                guard let initial = phrase.initial else { continue }
                entries[initial, default: []].append(Entry(fact: fact.name, phrase: phrase))
            }
        }
        self.entries = entries
        self.negation = negation
    }

    /// What was found, in the order of the narrative, each once.
    func mentions(in narrative: Narrative) -> [Mention] {
        var seen: Set<Mention> = []
        var mentions: [Mention] = []
        for clause in narrative.clauses {
            for index in clause.indices {
                guard let initial = clause[index].first, let candidates = entries[initial] else { continue }
                for entry in candidates where entry.phrase.matches(clause, at: index) {
                    let mention = Mention(
                        fact: entry.fact,
                        words: clause[index..<(index + entry.phrase.words.count)].joined(separator: " "),
                        isNegated: negation.covers(clause, at: index))
                    if seen.insert(mention).inserted { mentions.append(mention) }
                }
            }
        }
        return mentions
    }
}
