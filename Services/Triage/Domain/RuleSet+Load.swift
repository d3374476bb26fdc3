import Contracts
import Crypto
import Foundation
import Yams

extension RuleSet {
    /// Reads a rule file and checks it as a whole.
    ///
    /// - Throws: ``RuleSetError`` with every mistake found: its line, what is wrong, and what to write instead.
    static func load(yaml: String, file: String = "triage.yaml") throws(RuleSetError) -> RuleSet {
        var reader = RuleSetReader()
        guard let root = try compose(yaml, file), let ruleSet = reader.read(root, text: yaml) else {
            let mistakes = reader.file.mistakes
            throw RuleSetError(file: file, mistakes: mistakes.isEmpty ? [.emptyFile] : mistakes)
        }
        return ruleSet
    }

    private static func compose(_ yaml: String, _ file: String) throws(RuleSetError) -> Node? {
        do {
            return try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw RuleSetError(file: file, mistakes: [RuleSetError.Mistake(error)])
        } catch {
            throw RuleSetError(
                file: file, mistakes: [.init(line: 1, problem: "\(error)", fix: "make the file valid YAML")])
        }
    }
}

extension RuleSetError.Mistake {
    fileprivate static let emptyFile = Self(
        line: 1, problem: "the file is empty", fix: "start from deploy/config/triage.yaml")

    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(
                line: mark.line, problem: problem,
                fix: "look at this line and the one above: indentation, a missing colon, an open quote or bracket")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                line: context.mark.line, problem: "key \(keys.map { "`\($0)`" }.joined(separator: ", ")) occurs twice",
                fix: "keep one of them")
        default:
            self.init(line: 1, problem: "the file cannot be read", fix: "save it as UTF-8 text")
        }
    }
}

/// Turns the nodes of a rule file into a ``RuleSet``.
struct RuleSetReader {
    var file = RuleFile()
    var factNames: [String] = []
    /// Where each fact and each rule stands, for checks across the file.
    var factLines: [String: Int] = [:]
    var ruleLines: [String: Int] = [:]

    /// Nil when there was any mistake.
    mutating func read(_ root: Node, text: String) -> RuleSet? {
        guard
            let section = file.section(
                root, "the rule file",
                required: [
                    "title", "version", "facts", "gates", "evidence", "modes", "listedFrom", "repeatPlaces", "negation",
                ])
        else { return nil }
        let facts = section["facts"].map { readFacts($0) } ?? []
        let negation = section["negation"].flatMap { readNegation($0) }
        let ruleSet = RuleSet(
            version: file.text(section, "version"), title: file.text(section, "title"), text: text,
            hash: SHA256.hash(data: Data(text.utf8)).hexadecimal, facts: facts,
            gates: file.list(section["gates"]).compactMap { readGate($0) },
            evidence: file.list(section["evidence"]).compactMap { readEvidence($0) },
            modes: file.list(section["modes"]).compactMap { readMode($0) },
            listedFrom: file.number(section, "listedFrom", 1...RuleSet.alertPoints),
            repeatPlaces: section["repeatPlaces"].map { readRepeatPlaces($0) }
                ?? RepeatPlaces(windowDays: 1, calls: 2, callsFor: [:]),
            lexicon: Lexicon(facts, negation: negation ?? .none))
        if file.mistakes.isEmpty { check(ruleSet, section) }
        return file.mistakes.isEmpty ? ruleSet : nil
    }

    private mutating func readNegation(_ node: Node) -> Negation? {
        guard
            let section = file.section(
                node, "negation", required: ["words", "reach", "endedBy", "unlessFollowedBy"])
        else { return nil }
        return Negation(
            cues: file.phrases(section["words"], "a negation"), reach: file.number(section, "reach", 1...6),
            endedBy: Set(file.texts(section["endedBy"], "`endedBy`").map { Narrative.fold($0.text) }),
            unlessFollowedBy: Set(
                file.texts(section["unlessFollowedBy"], "`unlessFollowedBy`").map { Narrative.fold($0.text) }))
    }

    private mutating func readRepeatPlaces(_ node: Node) -> RepeatPlaces {
        let section = file.section(node, "repeatPlaces", required: ["windowDays", "calls"], optional: ["callsFor"])
        var callsFor: [PlaceType: Int] = [:]
        if let node = section?["callsFor"], let exceptions = file.section(node, "callsFor") {
            for exception in exceptions.values {
                let place = PlaceType(rawValue: exception.key)
                if !place.isKnown {
                    file.mistake(
                        exception.line, "place type `\(exception.key)` is not known",
                        fix: file.choice(exception.key, PlaceType.allCases.map(\.rawValue)))
                }
                callsFor[place] = file.number(exception.node, "`callsFor` of \(place)", 2...1000)
            }
        }
        return RepeatPlaces(
            windowDays: section.map { file.number($0, "windowDays", 1...366) } ?? 1,
            calls: section.map { file.number($0, "calls", 2...1000) } ?? 2, callsFor: callsFor)
    }
}

extension Negation {
    fileprivate static let none = Negation(cues: [], reach: 1, endedBy: [], unlessFollowedBy: [])
}

extension SHA256.Digest {
    fileprivate var hexadecimal: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
