import Contracts
import Yams

extension RuleSetReader {
    mutating func readFacts(_ node: Node) -> [FactDefinition] {
        guard let section = file.section(node, "facts") else { return [] }
        factNames = section.values.map(\.key)
        factLines = Dictionary(section.values.map { ($0.key, $0.line) }, uniquingKeysWith: { first, _ in first })
        for entry in section.values where Self.words.contains(entry.key) {
            file.mistake(
                entry.line, "a fact cannot be called `\(entry.key)`", fix: "choose a name that no condition uses")
        }
        return section.values.compactMap { readFact($0.key, $0.node) }
    }

    private mutating func readFact(_ name: String, _ node: Node) -> FactDefinition? {
        let what = "fact `\(name)`"
        let sources = ["flag", "types", "places", "ages", "words"]
        guard let section = file.section(node, what, required: [], optional: sources + ["ask", "askWhen"]) else {
            return nil
        }
        if !section.values.contains(where: { sources.contains($0.key) }) {
            file.mistake(section.line, "\(what) has no source", fix: "add one of: \(sources.joined(separator: ", "))")
        }
        if section["askWhen"] != nil, section["ask"] == nil {
            file.mistake(section.line(of: "askWhen"), "\(what) has `askWhen` but no `ask`", fix: "add the question")
        }
        let flag = file.values(section["flag"], Flag.self, "flag of \(what)").first
        let when = readCondition(section["askWhen"], "askWhen of \(what)")
        return FactDefinition(
            name: FactName(rawValue: name), flag: flag, types: file.types(section["types"], "type of \(what)"),
            places: Set(file.values(section["places"], PlaceType.self, "place of \(what)")),
            ages: Set(file.values(section["ages"], AgeBand.self, "age band of \(what)")),
            words: file.phrases(section["words"], "word of \(what)"),
            question: section["ask"] == nil ? nil : .init(text: file.text(section, "ask"), when: when))
    }

    mutating func readGate(_ node: Node) -> RuleSet.Gate? {
        guard let (section, rule) = readRule(node, required: ["level", "when"], optional: ["alert"]) else { return nil }
        return RuleSet.Gate(
            rule: rule, level: file.number(section, "level", RuleSet.levels),
            alert: file.values(section["alert"], Program.self, "program alerted by \(section.what)"),
            when: readCondition(section["when"], section.what))
    }

    mutating func readEvidence(_ node: Node) -> RuleSet.EvidenceRule? {
        guard let (section, rule) = readRule(node, required: ["program", "points"], optional: ["when"]) else {
            return nil
        }
        return RuleSet.EvidenceRule(
            rule: rule,
            program: file.values(section["program"], Program.self, "program of \(section.what)").first ?? .patrol,
            points: file.number(section, "points", 1...100), when: readCondition(section["when"], section.what))
    }

    mutating func readMode(_ node: Node) -> RuleSet.ModeRule? {
        guard let (section, rule) = readRule(node, required: ["mode"], optional: ["when"]) else { return nil }
        return RuleSet.ModeRule(
            rule: rule,
            mode: file.values(section["mode"], ResponseMode.self, "mode of \(section.what)").first ?? .simultaneous,
            when: readCondition(section["when"], section.what))
    }

    private mutating func readRule(
        _ node: Node, required: [String], optional: [String]
    ) -> (RuleFile.Section, RuleSet.Identity)? {
        let id = node.mapping?["id"]?.scalar?.string
        let what = id.map { "rule `\($0)`" } ?? "a rule"
        guard let section = file.section(node, what, required: ["id", "why", "source"] + required, optional: optional)
        else { return nil }
        let rule = RuleSet.Identity(
            id: file.text(section, "id"), why: file.text(section, "why"), source: file.text(section, "source"))
        if let first = ruleLines[rule.id] {
            file.mistake(section.line, "\(what) has the id of the rule on line \(first)", fix: "give it its own id")
        }
        ruleLines[rule.id] = section.line
        return (section, rule)
    }

    // MARK: Conditions

    /// What a condition may name besides facts.
    static let words = [
        "type", "recognized", "place", "age", "earlierCalls", "priority", "levelAtLeast", "levelAtMost",
    ]

    /// A mapping of which everything must hold, or a list of such mappings of which one must.
    mutating func readCondition(_ node: Node?, _ what: String) -> Condition {
        Condition(alternatives: file.list(node).map { readTests($0, what) })
    }

    private mutating func readTests(_ node: Node, _ what: String) -> [Condition.Test] {
        guard let section = file.section(node, "the condition of \(what)") else { return [] }
        if section.values.isEmpty {
            file.mistake(section.line, "\(what) has an empty condition", fix: "name a fact, or leave `when` out")
        }
        return section.values.compactMap { readTest($0.key, $0.node, line: $0.line, what) }
    }

    private mutating func readTest(_ key: String, _ node: Node, line: Int, _ what: String) -> Condition.Test? {
        switch key {
        case "type": return .type(file.types(node, "type in \(what)"))
        case "place": return .place(Set(file.values(node, PlaceType.self, "place in \(what)")))
        case "age": return .age(Set(file.values(node, AgeBand.self, "age band in \(what)")))
        case "earlierCalls": return .earlierCalls(atLeast: file.number(node, "`earlierCalls` in \(what)", 1...1000))
        case "priority": return .priority(atMost: file.number(node, "`priority` in \(what)", 0...9))
        case "levelAtLeast":
            return .level(file.number(node, "`levelAtLeast` in \(what)", RuleSet.levels)...RuleSet.levels.upperBound)
        case "levelAtMost":
            return .level(RuleSet.levels.lowerBound...file.number(node, "`levelAtMost` in \(what)", RuleSet.levels))
        case "recognized":
            if node.scalar?.string == "no" { return .unrecognizedType }
            file.mistake(node.line, "`recognized` in \(what) can only be no", fix: "write `recognized: no`")
            return nil
        default: return readFactTest(key, node, line: line, what)
        }
    }

    private mutating func readFactTest(
        _ key: String, _ node: Node, line: Int, _ what: String
    ) -> Condition.Test? {
        guard factNames.contains(key) else {
            file.mistake(
                line, "\(what) asks for `\(key)`, which is not a fact", fix: file.choice(key, factNames + Self.words))
            return nil
        }
        guard let answer = node.scalar.flatMap({ Condition.Answer(rawValue: $0.string) }) else {
            file.mistake(
                node.line, "\(what) has no answer for `\(key)`",
                fix: "write yes, no, unknown, or possible (yes or unknown)")
            return nil
        }
        return .fact(FactName(rawValue: key), answer)
    }
}
