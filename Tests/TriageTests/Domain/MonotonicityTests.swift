import Contracts
import Testing
@testable import Triage

@Suite("More danger never lowers the level")
struct MonotonicityTests {
    let rules: RuleSet

    init() throws { rules = try Shipped.rules() }

    static let types = ["WELFARE", "MNTL", "PARKING", "VAG", "SHOPLIFT", "THREATS", "BLS", "NONEMERG", "OTHER"]
    static let dangers: [Flag] = [
        .weapon, .violence, .injury, .suicideAttempt, .overdose, .fire, .missingChild, .minor, .intoxication,
    ]
    static let remarks = [
        "he has a gun", "no gun seen", "wants to die", "not breathing", "just wants to talk to someone", "house fire",
        "hearing voices", "in custody", "everything calm, no weapons", "student", "threatening to kill her",
    ]

    @Test("turning any fact to yes, by flag, on any of a hundred calls", arguments: types)
    func flags(_ type: String) {
        var random = Lottery(seed: type)
        for _ in 0..<12 {
            let call = random.call(type)
            let before = rules.assess(call, placeHistory: 0, at: .monday)
            for danger in Self.dangers {
                var worse = call
                worse.flags[danger] = .yes
                let after = rules.assess(worse, placeHistory: 0, at: .monday)
                #expect(after.level >= before.level, "\(danger) on \(call)")
            }
        }
    }

    @Test("adding any remark to the narrative", arguments: types)
    func remarks(_ type: String) {
        var random = Lottery(seed: type)
        for _ in 0..<8 {
            let call = random.call(type)
            let before = rules.assess(call, placeHistory: 0, at: .monday)
            for remark in Self.remarks {
                var longer = call
                longer.narrative.append(NarrativeLine(at: .monday, text: remark))
                let after = rules.assess(longer, placeHistory: 0, at: .monday)
                #expect(after.level >= before.level, "“\(remark)” on \(call)")
            }
        }
    }

    @Test("a weapon or violence never makes the response less careful")
    func modes() {
        let careful: [ResponseMode] = [
            .deferred, .transfer, .alternative, .secondary, .simultaneous, .patrolSecuresFirst,
        ]
        var random = Lottery(seed: "modes")
        for _ in 0..<80 {
            let call = random.call(random.pick(Self.types))
            let before = rules.assess(call, placeHistory: 0, at: .monday).responseMode
            for danger in [Flag.weapon, .violence] {
                var worse = call
                worse.flags[danger] = .yes
                let after = rules.assess(worse, placeHistory: 0, at: .monday).responseMode
                let (a, b) = (careful.firstIndex(of: after) ?? 0, careful.firstIndex(of: before) ?? 0)
                #expect(a >= b, "\(danger) on \(call)")
            }
        }
    }

    @Test("the same call gives the same assessment")
    func deterministic() {
        var random = Lottery(seed: "same")
        for _ in 0..<20 {
            let call = random.call("WELFARE")
            #expect(
                rules.assess(call, placeHistory: 1, at: .monday) == rules.assess(call, placeHistory: 1, at: .monday))
        }
    }
}

/// Calls drawn at random, the same ones for the same seed.
struct Lottery {
    private var state: UInt64

    init(seed: String) {
        state = seed.utf8.reduce(0x9e37_79b9_7f4a_7c15) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return choices[Int((state >> 33) % UInt64(choices.count))]
    }

    mutating func call(_ type: String) -> CallSnapshot {
        var flags: [Flag: Fact] = [:]
        for flag in Flag.allCases { flags[flag] = pick([nil, nil, .yes, .no, .no, .unknown]) }
        let remarks = (0..<pick([0, 1, 2])).map { _ in pick(MonotonicityTests.remarks) }
        return .sample(
            type, says: remarks.joined(separator: ". "), at: pick(PlaceType.allCases), flags: flags,
            priority: pick([nil, 1, 3, 5]), ageBand: pick([nil, .child, .adult]))
    }
}
