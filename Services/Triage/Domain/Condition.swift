import Contracts

/// When a rule applies: any one of its alternatives, each of which needs all of its tests. No alternatives: always.
struct Condition: Sendable, Equatable {
    let alternatives: [[Test]]

    static let always = Condition(alternatives: [])

    enum Test: Sendable, Equatable {
        case fact(FactName, Answer)
        case type(Set<String>)
        case unrecognizedType
        case place(Set<PlaceType>)
        case age(Set<AgeBand>)
        /// Earlier calls at the place within the window.
        case earlierCalls(atLeast: Int)
        /// The CAD's own priority, 1 the most urgent.
        case priority(atMost: Int)
        case level(ClosedRange<Int>)
    }

    /// What a rule may demand of a fact. `possible` is yes or unknown: *unknown is not no*.
    enum Answer: String, Sendable, CaseIterable {
        case yes, no, unknown, possible

        func accepts(_ fact: Fact) -> Bool {
            switch self {
            case .yes: fact == .yes
            case .no: fact == .no
            case .unknown: fact == .unknown
            case .possible: fact != .no
            }
        }
    }

    func holds(in situation: Situation) -> Bool {
        alternatives.isEmpty || alternatives.contains { tests in tests.allSatisfy { $0.holds(in: situation) } }
    }

    /// For a person to read: what it is that holds.
    func evidence(in situation: Situation) -> [String] {
        let tests = alternatives.first { tests in tests.allSatisfy { $0.holds(in: situation) } }
        return tests.map { tests in tests.map { $0.evidence(in: situation) } } ?? ["every call"]
    }

    var facts: Set<FactName> {
        Set(
            alternatives.joined().compactMap { test in
                if case .fact(let name, _) = test { name } else { nil }
            })
    }
}

/// What the rules look at: a call, what is known about it, and how far the answer has come.
struct Situation: Sendable {
    let call: CallSnapshot
    /// Earlier calls at the same place.
    let placeHistory: Int
    var findings: [FactName: Finding]
    var level = RuleSet.lowestLevel

    func finding(_ name: FactName) -> Finding { findings[name] ?? .unknown }
}

extension Condition.Test {
    func holds(in situation: Situation) -> Bool {
        let call = situation.call
        switch self {
        case .fact(let name, let answer): return answer.accepts(situation.finding(name).value)
        case .type(let types): return types.contains(call.type.common)
        case .unrecognizedType: return !call.type.isRecognized
        case .place(let places): return places.contains(call.location.placeType)
        case .age(let ages): return call.ageBand.map(ages.contains) ?? false
        case .earlierCalls(let least): return situation.placeHistory >= least
        case .priority(let most): return call.priority.map { $0 <= most } ?? false
        case .level(let range): return range.contains(situation.level)
        }
    }

    func evidence(in situation: Situation) -> String {
        let call = situation.call
        switch self {
        case .fact(let name, _):
            let finding = situation.finding(name)
            let because = finding.because.isEmpty ? "" : " (\(finding.because.joined(separator: "; ")))"
            return "\(name) is \(finding.value)\(because)"
        case .type: return "type \(call.type.common)"
        case .unrecognizedType: return "type code \(call.type.code) is not in the agency's table"
        case .place: return "place is a \(call.location.placeType)"
        case .age: return "age band \(call.ageBand.map(\.rawValue) ?? "unknown")"
        case .earlierCalls: return "\(situation.placeHistory) earlier calls at this place"
        case .priority: return "the CAD's own priority is \(call.priority.map(String.init) ?? "unknown")"
        case .level: return "level is \(situation.level)"
        }
    }
}
