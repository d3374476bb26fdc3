/// Every phrase of every fact, sorted by how it begins, so that a narrative is read once however many phrases there are.
struct Lexicon: Sendable, Equatable {
    /// By their first word.
    private var exact: [String: [Entry]] = [:]
    /// Those whose first word may vary, by its first byte.
    private var loose: [UInt8: [Entry]] = [:]
    private let negation: Negation

    private struct Entry: Sendable, Equatable {
        /// Its place in the rule file.
        let order: Int
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
        self.negation = negation
        let phrases = facts.flatMap { fact in fact.words.map { (fact: fact.name, phrase: $0) } }
        for (order, (fact, phrase)) in phrases.enumerated() {
            let entry = Entry(order: order, fact: fact, phrase: phrase)
            switch phrase.words[0] {
            case .exact(let word): exact[word, default: []].append(entry)
            case .prefix(let text), .roughly(let text): loose[text.utf8.first ?? 0, default: []].append(entry)
            }
        }
    }

    /// What was found, in the order of the narrative, each once.
    func mentions(in narrative: Narrative) -> [Mention] {
        var seen: Set<Mention> = []
        var mentions: [Mention] = []
        for clause in narrative.clauses {
            for index in clause.indices {
                for entry in entries(matching: clause, at: index) {
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

    /// In the order of the rule file.
    private func entries(matching clause: [String], at index: Int) -> [Entry] {
        let candidates = [exact[clause[index]], clause[index].utf8.first.flatMap { loose[$0] }]
        return candidates.flatMap { entries in (entries ?? []).filter { $0.phrase.matches(clause, at: index) } }
            .sorted { $0.order < $1.order }
    }
}
