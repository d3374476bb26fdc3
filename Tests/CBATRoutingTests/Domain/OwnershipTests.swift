import Contracts
import Foundation
import Testing

@testable import CBATRouting

@Suite("Whose call it is")
struct OwnershipTests {
    @Test(
        "CBAT answers what it ranks first for, scores high in, is asked for, or goes into with patrol",
        arguments: [
            ([(Program.cbat, 30), (.patrol, 20)], 2, ResponseMode.alternative, true),
            ([(.patrol, 85), (.cbat, 70)], 3, .simultaneous, true),
            ([(.patrol, 85), (.cbat, 25)], 3, .simultaneous, false),
            ([(.patrol, 85), (.cbat, 25)], 4, .patrolSecuresFirst, true),
            ([(.patrol, 85), (.cbat, 25)], 4, .simultaneous, true),
            ([(.patrol, 85), (.cbat, 0)], 4, .simultaneous, false),
            ([(.patrol, 85), (.cbat, 25)], 4, .alternative, false),
            ([(.patrol, 85), (.cbat, 25)], 1, .secondary, true),
            ([(.patrol, 85)], 4, .secondary, false),
            ([(.businessLiaison, 60), (.patrol, 20)], 1, .deferred, false),
        ])
    func eligibility(_ programs: [(Program, Int)], _ level: Int, _ mode: ResponseMode, _ isForCBAT: Bool) throws {
        let call = RoutedCall(Samples.triaged("1", level: level, mode: mode, programs: programs))
        #expect(call.isForCBAT(try Samples.roster().policy) == isForCBAT)
    }

    @Test(
        "without a pair immediate danger is patrol's, what can wait the next shift's, the rest mobile crisis'",
        arguments: [
            (4, ResponseMode.simultaneous, true, OwnerRole.patrol), (4, .deferred, true, .patrol),
            (3, .simultaneous, true, .mobileCrisis), (3, .deferred, true, .nextShift),
            (2, .alternative, true, .nextShift), (1, .alternative, true, .nextShift),
            (2, .alternative, false, .mobileCrisis), (3, .deferred, false, .mobileCrisis),
            (1, .alternative, false, .crisisLine),
        ])
    func fallback(_ level: Int, _ mode: ResponseMode, _ hasShift: Bool, _ owner: OwnerRole) {
        let shift = hasShift ? Date(timeIntervalSince1970: 0) : nil
        #expect(Fallback(level: level, mode: mode, nextShiftAt: shift).owner == owner)
    }

    @Test(
        "a transferred call goes to medics, mobile crisis or the crisis line",
        arguments: [
            (1, [:], "WELFARE", OwnerRole.crisisLine), (2, [:], "WELFARE", .crisisLine),
            (3, [:], "WELFARE", .mobileCrisis), (4, [:], "WELFARE", .medical), (1, [:], "SICK", .medical),
            (2, [Flag.overdose: Fact.yes], "WELFARE", .medical), (2, [.overdose: .unknown], "WELFARE", .crisisLine),
        ])
    func transfer(_ level: Int, _ flags: [Flag: Fact], _ type: String, _ owner: OwnerRole) {
        #expect(RoutedCall(Samples.triaged("1", level: level, flags: flags, type: type)).transferOwner == owner)
    }

    @Test(
        "whoever clears an encounter leaves the person to somebody",
        arguments: [
            (EncounterOutcome(disposition: .arrest, needs: [.detox], consent: .yes), OwnerRole.patrol),
            (EncounterOutcome(disposition: .medical, legalStatus: .custody), .patrol),
            (EncounterOutcome(disposition: .hold5150, legalStatus: .hold), .clinician),
            (EncounterOutcome(disposition: .medical), .medical),
            (EncounterOutcome(disposition: .medical, consent: .yes), .clinician),
            (EncounterOutcome(disposition: .unableToLocate), .patrol),
            (EncounterOutcome(disposition: .unableToLocate, needs: [.shelter]), .clinician),
            (EncounterOutcome(disposition: .noBehavioralHealthNexus), .patrol),
            (EncounterOutcome(disposition: .safetyPlan), .clinician),
            (EncounterOutcome(disposition: "something-new"), .clinician),
            (.notReported, .clinician),
        ])
    func nextOwner(_ outcome: EncounterOutcome, _ owner: OwnerRole) {
        #expect(outcome.nextOwner == owner)
    }

    @Test("every known disposition leaves the person to somebody", arguments: Disposition.allCases)
    func everyDisposition(_ disposition: Disposition) {
        #expect(EncounterOutcome(disposition: disposition).nextOwner.isKnown)
    }

    @Test("an older status says nothing about a pair, nor does one from before its shift")
    func pairState() {
        let shift = Date(timeIntervalSince1970: 1000)
        var pair = PairState(pairing: "p")
        pair.observe(.offDuty, at: shift.addingTimeInterval(-10))
        #expect(pair.obstacle(since: shift) == nil)
        pair.observe(.outOfService, at: shift.addingTimeInterval(20))
        pair.observe(.available, at: shift.addingTimeInterval(10))
        #expect(pair.obstacle(since: shift) == .unavailable)
        pair.observe(.enroute, at: shift.addingTimeInterval(30), engagedOn: CallID(agency: "a", number: "1"))
        #expect(pair.obstacle(since: shift) == .busy)
        pair.observe(.available, at: shift.addingTimeInterval(40))
        #expect(pair.obstacle(since: shift) == nil)
        pair.move(to: .cabazon, at: shift.addingTimeInterval(-5))
        #expect(pair.position(since: shift, home: .banning) == .banning)
        pair.move(to: .cabazon, at: shift.addingTimeInterval(5))
        #expect(pair.position(since: shift, home: .banning) == .cabazon)
    }
}
