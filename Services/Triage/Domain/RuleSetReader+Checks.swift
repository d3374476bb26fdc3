import Contracts

extension RuleSetReader {
    /// Checks that need the whole file: that more danger can never lower a level, and that every line has a use.
    mutating func check(_ ruleSet: RuleSet, _ section: RuleFile.Section) {
        for gate in ruleSet.gates {
            checkThatDangerOnlyRaises(gate)
        }
        for rule in ruleSet.evidence where rule.when.alternatives.joined().contains(where: \.isAboutLevel) {
            file.mistake(
                line(rule.rule), "rule `\(rule.rule.id)` gives points for a level", fix: "give points for facts instead"
            )
        }
        checkPoints(ruleSet, line: section.line(of: "evidence"))
        checkModes(ruleSet, line: section.line(of: "modes"))
        checkUse(of: ruleSet)
    }

    private mutating func checkThatDangerOnlyRaises(_ gate: RuleSet.Gate) {
        for test in gate.when.alternatives.joined() {
            if case .fact(let name, let answer) = test, answer == .no || answer == .unknown {
                file.mistake(
                    line(gate.rule),
                    "gate `\(gate.rule.id)` needs `\(name): \(answer)`, so danger could lower the level",
                    fix: "write yes or possible; a gate may only raise")
            }
            if test.isAboutLevel {
                file.mistake(
                    line(gate.rule), "gate `\(gate.rule.id)` looks at the level", fix: "name the facts that raise it")
            }
        }
        if gate.when.alternatives.isEmpty {
            file.mistake(line(gate.rule), "gate `\(gate.rule.id)` always applies", fix: "say when it applies")
        }
    }

    /// An alert must outrank whatever evidence can add up to.
    private mutating func checkPoints(_ ruleSet: RuleSet, line: Int) {
        let totals = Dictionary(grouping: ruleSet.evidence, by: \.program).mapValues { $0.map(\.points).reduce(0, +) }
        for (program, total) in totals.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where total >= RuleSet.alertPoints {
            file.mistake(
                line, "the rules for \(program) add up to \(total) points", fix: "stay below \(RuleSet.alertPoints)")
        }
    }

    private mutating func checkModes(_ ruleSet: RuleSet, line: Int) {
        guard let last = ruleSet.modes.last else {
            return file.mistake(line, "there is no response mode", fix: "add a mode without `when`")
        }
        if !last.when.alternatives.isEmpty {
            file.mistake(
                self.line(last.rule), "the last mode, `\(last.rule.id)`, does not always apply",
                fix: "end the table with a mode without `when`")
        }
        for rule in ruleSet.modes.dropLast() where rule.when.alternatives.isEmpty {
            file.mistake(
                self.line(rule.rule), "mode `\(rule.rule.id)` always applies, so those after it never do",
                fix: "give it a `when` or move it to the end")
        }
    }

    private mutating func checkUse(of ruleSet: RuleSet) {
        let conditions = ruleSet.gates.map(\.when) + ruleSet.evidence.map(\.when) + ruleSet.modes.map(\.when)
        let used = conditions.reduce(into: Set<FactName>()) { $0.formUnion($1.facts) }
        for fact in ruleSet.facts where !used.contains(fact.name) {
            file.mistake(
                factLines[fact.name.rawValue] ?? 1, "no rule uses fact `\(fact.name)`",
                fix: "write a rule for it or take it out")
        }
    }

    private func line(_ rule: RuleSet.Identity) -> Int { ruleLines[rule.id] ?? 1 }
}

extension Condition.Test {
    fileprivate var isAboutLevel: Bool {
        if case .level = self { true } else { false }
    }
}
