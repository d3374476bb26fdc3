import Contracts
import Foundation

extension RuleSet {
    /// Judges a call. Pure: `at` is only noted.
    ///
    /// - Parameter placeHistory: earlier calls at the same place within the window of ``repeatPlaces``.
    func assess(_ call: CallSnapshot, placeHistory: Int, at: Date) -> Assessment {
        let mentions = lexicon.mentions(in: Narrative(call.narrative))
        let findings = Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0.finding(call, mentions)) })
        let situation = Situation(call: call, placeHistory: placeHistory, findings: findings)
        let judgment = judge(situation)
        return Assessment(
            level: judgment.level, responseMode: judgment.mode, programs: judgment.programs,
            reasons: judgment.reasons(for: situation), facts: facts.compactMap { known($0.name, in: situation) },
            setAside: mentions.filter(\.isNegated).map { "\($0.fact): “\($0.words)” is negated" },
            questions: questions(situation, judgment), earlierCallsAtPlace: placeHistory, ruleSetVersion: version,
            ruleSetHash: hash, assessedAt: at)
    }

    private func judge(_ start: Situation) -> Judgment {
        var situation = start
        var scores: [Program: Int] = [:]
        let opened = gates.filter { $0.when.holds(in: situation) }
        for gate in opened {
            situation.level = max(situation.level, gate.level)
            for (index, program) in gate.alert.enumerated() {
                scores[program] = max(scores[program] ?? 0, Self.alertPoints * (gate.alert.count - index))
            }
        }
        let found = evidence.filter { $0.when.holds(in: situation) }
        for rule in found { scores[rule.program, default: 0] += rule.points }
        let mode = modes.first { $0.when.holds(in: situation) }
        return Judgment(
            level: situation.level, programs: ranked(scores), gates: opened, evidence: found, modeRule: mode)
    }

    /// Highest score first; of equals, in the order in which the programs are declared.
    private func ranked(_ scores: [Program: Int]) -> [RankedProgram] {
        Program.allCases.enumerated()
            .map { (order: $0, entry: RankedProgram(program: $1, score: scores[$1] ?? 0)) }
            .filter { $0.entry.program == .patrol || $0.entry.score >= listedFrom }
            .sorted { ($1.entry.score, $0.order) < ($0.entry.score, $1.order) }
            .map(\.entry)
    }

    /// Answers each open question both ways and keeps those where an answer would change something.
    private func questions(_ situation: Situation, _ judgment: Judgment) -> [Assessment.OpenQuestion] {
        var reached = situation
        reached.level = judgment.level
        let open = facts.compactMap { fact -> Assessment.OpenQuestion? in
            guard let question = fact.question, situation.finding(fact.name).value == .unknown,
                question.when.holds(in: reached)
            else { return nil }
            let yes = answer(fact.name, .yes, in: situation)
            let no = answer(fact.name, .no, in: situation)
            guard yes != judgment.answer || no != judgment.answer else { return nil }
            return Assessment.OpenQuestion(fact: fact.name, ask: question.text, ifYes: yes, ifNo: no)
        }
        return open.enumerated()
            .sorted { ($1.element.ifYes.level, $0.offset) < ($0.element.ifYes.level, $1.offset) }
            .map(\.element)
    }

    private func answer(_ fact: FactName, _ value: Fact, in situation: Situation) -> Assessment.Answer {
        var supposed = situation
        supposed.findings[fact] = Finding(value: value, because: ["supposed"])
        return judge(supposed).answer
    }

    private func known(_ name: FactName, in situation: Situation) -> Assessment.KnownFact? {
        let finding = situation.finding(name)
        guard finding.value != .unknown else { return nil }
        return Assessment.KnownFact(fact: name, value: finding.value, because: finding.because)
    }
}

/// An answer and the rules that gave it.
private struct Judgment {
    let level: Int
    let programs: [RankedProgram]
    let gates: [RuleSet.Gate]
    let evidence: [RuleSet.EvidenceRule]
    let modeRule: RuleSet.ModeRule?

    var mode: ResponseMode { modeRule?.mode ?? .simultaneous }

    var answer: Assessment.Answer {
        Assessment.Answer(level: level, responseMode: mode, firstProgram: programs.first?.program ?? .patrol)
    }

    func reasons(for start: Situation) -> [Assessment.Reason] {
        var situation = start
        situation.level = level
        func reason(_ rule: RuleSet.Identity, _ when: Condition, _ effect: String) -> Assessment.Reason {
            Assessment.Reason(
                rule: rule.id, matched: when.evidence(in: situation), effect: effect, why: rule.why, source: rule.source
            )
        }
        return gates.map { gate in
            let alert = gate.alert.map(\.rawValue).joined(separator: " and ")
            let effect = "level at least \(gate.level)" + (alert.isEmpty ? "" : "; alerts \(alert) before all others")
            return reason(gate.rule, gate.when, effect)
        } + evidence.map { reason($0.rule, $0.when, "\($0.program) +\($0.points)") }
            + (modeRule.map { [reason($0.rule, $0.when, "response mode \($0.mode)")] } ?? [])
    }
}

extension FactDefinition {
    /// Reads the fact from the call. Yes from any source wins; only the call taker's flag can say no.
    fileprivate func finding(_ call: CallSnapshot, _ mentions: [Lexicon.Mention]) -> Finding {
        var because: [String] = []
        let flagged = flag.flatMap { call.flags[$0] }
        if let flag, flagged == .yes { because.append("flag \(flag)") }
        if types.contains(call.type.common) { because.append("type \(call.type.common)") }
        if places.contains(call.location.placeType) { because.append("place \(call.location.placeType)") }
        if let age = call.ageBand, ages.contains(age) { because.append("age band \(age)") }
        for mention in mentions where mention.fact == name && !mention.isNegated {
            because.append("narrative “\(mention.words)”")
        }
        if let flag, flagged == .no {
            because.append(because.isEmpty ? "flag \(flag) is no" : "although flag \(flag) is no")
            return Finding(value: because.count == 1 ? .no : .yes, because: because)
        }
        return because.isEmpty ? .unknown : Finding(value: .yes, because: because)
    }
}
