import Contracts
import Yams

/// Reads the pieces of a rule file and notes every mistake with its line, instead of stopping at the first.
struct RuleFile {
    private(set) var mistakes: [RuleSetError.Mistake] = []

    /// A mapping, and its keys by name.
    struct Section {
        let what: String
        let line: Int
        let values: [(key: String, line: Int, node: Node)]

        subscript(_ key: String) -> Node? { values.first { $0.key == key }?.node }
        func line(of key: String) -> Int { values.first { $0.key == key }?.line ?? line }
    }

    mutating func mistake(_ line: Int, _ problem: String, fix: String) {
        mistakes.append(RuleSetError.Mistake(line: line, problem: problem, fix: fix))
    }

    /// A mapping with any keys.
    mutating func section(_ node: Node, _ what: String) -> Section? {
        guard let mapping = node.mapping else {
            mistake(node.line, "\(what) is not a mapping", fix: "write `key: value` lines under it")
            return nil
        }
        let values = mapping.compactMap { key, value in
            key.scalar.map { (key: $0.string, line: key.line, node: value) }
        }
        return Section(what: what, line: values.first?.line ?? node.line, values: values)
    }

    /// A mapping with these keys and no others.
    mutating func section(_ node: Node, _ what: String, required: [String], optional: [String] = []) -> Section? {
        guard let section = section(node, what) else { return nil }
        for key in required where section[key] == nil {
            mistake(section.line, "\(what) has no `\(key)`", fix: "add `\(key):` to it")
        }
        for value in section.values where !(required + optional).contains(value.key) {
            mistake(
                value.line, "\(what) has an unknown key `\(value.key)`", fix: choice(value.key, required + optional))
        }
        return section
    }

    mutating func text(_ section: Section, _ key: String) -> String {
        guard let node = section[key] else { return "" }
        if let text = node.scalar?.string, text.contains(where: { !$0.isWhitespace }) { return text }
        mistake(
            node.line, "`\(key)` of \(section.what) is empty or not a text", fix: "write a short text after `\(key):`")
        return ""
    }

    mutating func number(_ section: Section, _ key: String, _ range: ClosedRange<Int>) -> Int {
        section[key].map { number($0, "`\(key)` of \(section.what)", range) } ?? range.lowerBound
    }

    mutating func number(_ node: Node, _ what: String, _ range: ClosedRange<Int>) -> Int {
        if let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) { return number }
        mistake(
            node.line, "\(what) is not a whole number from \(range.lowerBound) to \(range.upperBound)",
            fix: "write a number in that range")
        return range.lowerBound
    }

    /// A list, or a single value that stands for a list of one.
    mutating func list(_ node: Node?) -> [Node] {
        guard let node else { return [] }
        return node.sequence.map(Array.init) ?? [node]
    }

    mutating func texts(_ node: Node?, _ what: String) -> [(text: String, line: Int)] {
        list(node).compactMap { item in
            if let text = item.scalar?.string, !text.isEmpty { return (text, item.line) }
            mistake(item.line, "\(what) is not a text", fix: "write words, or a list of words in [ ]")
            return nil
        }
    }

    /// Words of one of our vocabularies, each of which must be known.
    mutating func values<Value: OpenEnumeration>(_ node: Node?, _ type: Value.Type, _ what: String) -> [Value] {
        texts(node, what).compactMap { item in
            let value = Value(rawValue: item.text)
            if value.isKnown { return value }
            mistake(
                item.line, "\(what) `\(item.text)` is not known", fix: choice(item.text, Value.allCases.map(\.rawValue))
            )
            return nil
        }
    }

    /// Codes of the common incident types: capital letters and digits.
    mutating func types(_ node: Node?, _ what: String) -> Set<String> {
        var types: Set<String> = []
        for item in texts(node, what) {
            if item.text.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber) }) {
                types.insert(item.text)
            } else {
                mistake(
                    item.line, "\(what) `\(item.text)` is not a common incident type",
                    fix: "use the code of the EIDO registry in capitals, for example WELFARE")
            }
        }
        return types
    }

    mutating func phrases(_ node: Node?, _ what: String) -> [Phrase] {
        texts(node, what).compactMap { item in
            if let phrase = Phrase(item.text) { return phrase }
            mistake(
                item.line, "`\(item.text)` cannot be looked for",
                fix: "use words of letters and digits; `*` after three letters or more means any ending, "
                    + "`~` after six or more forgives one slip")
            return nil
        }
    }

    func choice(_ text: String, _ known: [String]) -> String {
        if let meant = known.first(where: { Phrase.Word.differByOneSlip($0, text) }) { return "write `\(meant)`" }
        return "use one of: \(known.joined(separator: ", "))"
    }
}

extension Node {
    var line: Int { mark?.line ?? 1 }
}
