import Contracts
import Foundation
import Messaging
import Testing

@testable import CBATRouting

@Suite("Whatever happens")
struct RandomWalkTests {
    @Test(
        "no pair, person or call ever has two active assignments, and every call ends with exactly one owner",
        arguments: 0..<40)
    func walk(seed: Int) async throws {
        var random = Lehmer(seed: seed)
        var walk = Walk(desk: try Desk(roster: Samples.roster(silenceMinutes: 15)))
        for _ in 0..<300 {
            try walk.step(&random)
            walk.checkInvariants()
            await Task.yield()  // other tests have deadlines to keep
        }
        try walk.finish()
        walk.checkEnd()
    }
}

/// Messages in any order from CADs, pairs, people and clocks.
private struct Walk {
    var desk: Desk
    private var calls: [CallTriaged] = []
    private var reopenings: [CallID: Int] = [:]
    private let units = ["CBAT1", "CBAT2", "CBAT3", "42"]
    /// Pairs mostly work, or nothing would ever get far.
    private static let statuses =
        UnitStatus.allCases + [
            .available, .available, .accepted, .enroute, .sceneSecured, .onScene, .contact, .cleared,
        ]

    init(desk: Desk) {
        self.desk = desk
    }

    mutating func step(_ random: inout Lehmer) throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<3: try newCall(&random)
        case 3..<6: try changeCall(&random)
        case 6..<15: try unitStatus(&random)
        case 15: try command(&random)
        case 16: try exception(&random)
        case 17: try closure(&random)
        default: try desk.wait(Double.random(in: 0...150, using: &random).rounded())
        }
    }

    private mutating func newCall(_ random: inout Lehmer) throws {
        let original = Int.random(in: 0..<3, using: &random) == 0 ? calls.randomElement(using: &random)?.call : nil
        calls.append(triaged("\(calls.count)", decision: 1, .active, original, &random))
        if let call = calls.last { try attempt(.triaged(call)) }
    }

    private mutating func changeCall(_ random: inout Lehmer) throws {
        guard let index = calls.indices.randomElement(using: &random) else { return }
        let old = calls[index]
        let status: CallStatus =
            switch Int.random(in: 0..<9, using: &random) {
            case 0...1: .closed
            case 2: .cancelled
            case 3: .active
            default: old.status
            }
        if old.status.isFinal && !status.isFinal { reopenings[old.call, default: 0] += 1 }
        let new = triaged(old.number, decision: old.decision + 1, status, old.possibleDuplicateOf, &random)
        calls[index] = new
        // Sometimes late: the older one after the newer one.
        let order = Bool.random(using: &random) ? [new, old] : [new]
        for triaged in order { try attempt(.triaged(triaged)) }
    }

    private func triaged(
        _ number: String, decision: Int, _ status: CallStatus, _ original: CallID?, _ random: inout Lehmer
    ) -> CallTriaged {
        let programs: [[(Program, Int)]] = [
            [(.cbat, 70), (.patrol, 20)], [(.cbat, 70), (.patrol, 20)], [(.patrol, 90), (.cbat, 30)], [(.patrol, 20)],
        ]
        return Samples.triaged(
            number, decision: decision, status: status,
            community: Community.allCases.randomElement(using: &random) ?? .beaumont,
            level: Int.random(in: 1...4, using: &random),
            mode: ResponseMode.allCases.randomElement(using: &random) ?? .alternative,
            programs: programs.randomElement(using: &random) ?? [], duplicateOf: original,
            isOverridden: Int.random(in: 0..<6, using: &random) == 0)
    }

    private mutating func unitStatus(_ random: inout Lehmer) throws {
        let unit = units.randomElement(using: &random) ?? "42"
        let own = desk.state.roster.pairings.first { $0.unit == unit }
        let current = own.flatMap { desk.state.activeAssignment(ofPairing: $0.id)?.snapshot.call }
        let isOther = Int.random(in: 0..<8, using: &random) == 0
        let call = isOther ? calls.randomElement(using: &random)?.call : current
        try attempt(
            .unitStatus(
                UnitStatusChanged(
                    agency: own?.agency ?? "beaumont-pd", unit: unit,
                    status: Self.statuses.randomElement(using: &random) ?? .available,
                    at: desk.now + Double.random(in: -30...10, using: &random).rounded(), call: call,
                    outcome: Bool.random(using: &random) ? EncounterOutcome(disposition: .safetyPlan) : nil)))
    }

    private mutating func command(_ random: inout Lehmer) throws {
        guard let assignment = desk.state.assignments.values.sorted(by: { $0.id < $1.id }).randomElement(using: &random)
        else { return }
        let step = PairStep.allCases.randomElement(using: &random) ?? .accepted
        try attempt(.command(UnitCommand(assignment: assignment.id, action: .report(step), agency: nil)))
    }

    private mutating func exception(_ random: inout Lehmer) throws {
        let pairing = desk.state.roster.pairings.randomElement(using: &random)?.id ?? ""
        if let known = desk.state.exceptions.last, Bool.random(using: &random) {
            return try attempt(.withdrawal(known.id))
        }
        try attempt(
            .exception(
                RosterException(
                    id: .v5("exception", "\(desk.now)", pairing), kind: .outOfService, pairing: pairing,
                    substitute: nil,
                    span: Span(start: desk.now, end: desk.now + 60), reason: "test", madeBy: "test")))
    }

    private mutating func closure(_ random: inout Lehmer) throws {
        let legs = desk.state.roster.travel.legs.map(\.id).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        try attempt(.closure(ClosureCommand(closed: legs, reason: "test", by: "test")))
    }

    /// A refusal is an answer too.
    private mutating func attempt(_ input: RoutingInput) throws {
        do throws(Refusal) { try desk.handle(input) } catch { #expect(!error.detail.isEmpty) }
    }

    /// The day ends: offers run out, scenes are secured, pairs clear.
    mutating func finish() throws {
        for _ in 0..<8 { try desk.wait(130) }
        for assignment in desk.state.activeAssignments {
            let call = assignment.snapshot.call
            try desk.unit("42", .sceneSecured, call: call)
            for step in [PairStep.contact, .cleared] {
                try attempt(.command(UnitCommand(assignment: assignment.id, action: .report(step), agency: nil)))
            }
        }
        for _ in 0..<8 { try desk.wait(130) }
    }

    func checkInvariants() {
        let active = desk.state.activeAssignments
        #expect(Set(active.map(\.snapshot.call)).count == active.count)
        #expect(Set(active.map(\.snapshot.pairing)).count == active.count)
        #expect(Set(active.map(\.officer)).count == active.count)
        #expect(Set(active.map(\.clinician)).count == active.count)
        for call in desk.state.calls.values {
            #expect((call.standing == .unrouted) == (call.owner == nil))
            let hasPair = desk.state.activeAssignment(ofCall: call.id) != nil
            #expect((call.standing == .assigned) == hasPair)
        }
        let waiting = active.filter { !$0.isWithPerson }.map {
            $0.status == .offered ? OfferExpired.timerID($0.id) : PairSilent.timerID($0.id)
        }
        #expect(
            Set(desk.timers.keys) == Set(waiting),
            "every offer and every pair on its way has its timer, and nothing else has one")
    }

    func checkEnd() {
        #expect(desk.state.activeAssignments.isEmpty)
        let owners = ownersByEvents()
        for call in desk.state.calls.values where call.standing != .unrouted {
            let root = desk.state.root(of: call.id)
            let owner = desk.state.calls[root]?.owner
            #expect(owner != nil && owner != .cbatRouting)
            #expect(owners[root] == owner, "the last event names the owner that is kept")
            #expect(call.owner == owner, "a call that joined another has the same owner")
        }
        let cleared = desk.events.compactMap { $0 as? EncounterCleared }
        #expect(Set(cleared.map(\.assignment.id)).count == cleared.count, "an assignment is cleared once")
        for (call, encounters) in Dictionary(grouping: cleared, by: \.assignment.call) {
            #expect(
                encounters.count <= 1 + reopenings[call, default: 0],
                "an episode is cleared once, and once more each time its CAD opens the call again")
        }
        let minutes = cleared.reduce(0) { $0 + $1.clinicianMinutes }
        #expect(desk.state.ledger.minutes.values.flatMap(\.values).reduce(0, +) == minutes)
    }

    /// Who answers for each call, as a subscriber would know it.
    private func ownersByEvents() -> [CallID: OwnerRole] {
        var owners: [CallID: OwnerRole] = [:]
        for event in desk.events {
            switch event {
            case let event as EncounterCleared: owners[event.assignment.call] = event.nextOwner
            case let event as CallDeferred: owners[event.call] = event.nextOwner
            case let event as CallHandedOff: owners[event.call] = event.nextOwner
            default: continue
            }
        }
        return owners
    }
}

/// Park and Miller's generator: the same seed, the same walk.
private struct Lehmer: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) {
        state = UInt64(seed) * 7919 + 1
    }

    mutating func next() -> UInt64 {
        var word: UInt64 = 0
        for _ in 0..<3 {
            state = state * 48271 % 0x7fff_ffff
            word = word << 24 ^ state
        }
        return word
    }
}
