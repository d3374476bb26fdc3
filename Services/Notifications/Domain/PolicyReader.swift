import Yams

/// Reads `disclosure.yaml`. A word it does not know is an error and never ignored: a misspelled `withConsent` would
/// otherwise open what it was meant to close.
struct PolicyReader {
    let file: String

    typealias Policy = (fields: [DisclosurePolicy.FieldRules], partners: [String: DisclosurePolicy.PartnerClass])

    func read(_ text: String) throws(PolicyError) -> Policy {
        let root = try mapping(try document(text), required: ["classes", "fields", "partners"])
        let classes = Set(try words(root["classes"]).map(\.text))
        var fields: [DisclosurePolicy.FieldRules] = []
        for entry in try sequence(root["fields"]) { fields.append(try rules(entry, classes)) }
        var partners: [String: DisclosurePolicy.PartnerClass] = [:]
        for (name, node) in try entries(root["partners"]) { partners[name.text] = try partner(node, classes) }
        return (fields, partners)
    }

    private func rules(_ node: Node, _ classes: Set<String>) throws(PolicyError) -> DisclosurePolicy.FieldRules {
        let entry = try mapping(node, required: ["events", "paths"])
        var classOfPath: [String: String] = [:]
        for (fieldClass, paths) in try entries(entry["paths"]) {
            try check(fieldClass, isIn: classes)
            for path in try words(paths) where classOfPath.updateValue(fieldClass.text, forKey: path.text) != nil {
                throw error("\(path.text) has two classes; keep the stricter one", path.node)
            }
        }
        return DisclosurePolicy.FieldRules(
            events: try pattern(try word(entry["events"])), classOfPath: classOfPath)
    }

    private func partner(_ node: Node, _ classes: Set<String>) throws(PolicyError) -> DisclosurePolicy.PartnerClass {
        let entry = try mapping(node, required: ["events", "own", "others"], optional: ["withConsent"])
        var shown: [String: Set<String>] = [:]
        for side in ["own", "others"] {
            let named = try words(entry[side])
            for fieldClass in named { try check(fieldClass, isIn: classes) }
            shown[side] = Set(named.map(\.text))
        }
        return DisclosurePolicy.PartnerClass(
            events: try patterns(entry["events"]), own: shown["own", default: []],
            others: shown["others", default: []],
            withConsent: entry["withConsent"] == nil ? [] : try patterns(entry["withConsent"]))
    }

    private func patterns(_ node: Node?) throws(PolicyError) -> [EventPattern] {
        var patterns: [EventPattern] = []
        for word in try words(node) { patterns.append(try pattern(word)) }
        return patterns
    }

    private func pattern(_ word: Word) throws(PolicyError) -> EventPattern {
        guard let pattern = EventPattern(word.text) else {
            throw error("\(word.text) names no event; write four words, for example intake.call.*.v1", word.node)
        }
        return pattern
    }

    private func check(_ word: Word, isIn classes: Set<String>) throws(PolicyError) {
        guard classes.contains(word.text) else {
            throw error("field class \(word.text) is not listed in `classes`; add it there or mend the name", word.node)
        }
    }
}

extension PolicyReader {
    private struct Word {
        let text: String
        let node: Node
    }

    private func document(_ text: String) throws(PolicyError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let YamlError.scanner(_, what, mark, _), let YamlError.parser(_, what, mark, _) {
            let fix = "mend indentation or quotes here or on the line before"
            throw PolicyError(file: file, line: mark.line, what: "is not YAML (\(what)); \(fix)")
        } catch {
            throw PolicyError(file: file, line: nil, what: "is not YAML: \(error)")
        }
    }

    private func entries(_ node: Node?) throws(PolicyError) -> [(key: Word, value: Node)] {
        guard let mapping = node?.mapping else { throw error("names with values are expected here", node) }
        var entries: [(key: Word, value: Node)] = []
        for (key, value) in mapping {
            let key = try word(key)
            guard !entries.contains(where: { $0.key.text == key.text }) else {
                throw error("\(key.text) occurs twice; keep one of them", key.node)
            }
            entries.append((key, value))
        }
        return entries
    }

    private func mapping(
        _ node: Node?, required: [String], optional: [String] = []
    ) throws(PolicyError) -> [String: Node] {
        var mapping: [String: Node] = [:]
        for (key, value) in try entries(node) {
            guard (required + optional).contains(key.text) else {
                let known = (required + optional).joined(separator: ", ")
                throw error("\(key.text) is not known here; use one of \(known)", key.node)
            }
            mapping[key.text] = value
        }
        if let absent = required.first(where: { mapping[$0] == nil }) {
            throw error("`\(absent)` is missing here; it may be an empty list, but it must be said", node)
        }
        return mapping
    }

    private func sequence(_ node: Node?) throws(PolicyError) -> [Node] {
        guard let sequence = node?.sequence else { throw error("a list is expected here", node) }
        return Array(sequence)
    }

    private func words(_ node: Node?) throws(PolicyError) -> [Word] {
        var words: [Word] = []
        for item in try sequence(node) { words.append(try word(item)) }
        return words
    }

    private func word(_ node: Node?) throws(PolicyError) -> Word {
        guard let node, let text = node.scalar?.string, !text.isEmpty else {
            throw error("a word is expected here", node)
        }
        return Word(text: text, node: node)
    }

    private func error(_ what: String, _ node: Node?) -> PolicyError {
        PolicyError(file: file, line: node?.mark?.line, what: what)
    }
}

struct PolicyError: Error, CustomStringConvertible {
    let file: String
    let line: Int?
    let what: String
    var description: String { line.map { "\(file), line \($0): \(what)" } ?? "\(file): \(what)" }
}
