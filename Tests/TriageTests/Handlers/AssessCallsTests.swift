import Contracts
import Foundation
import Messaging
import ServiceKit
import Testing
@testable import Triage

@Suite("Assessing calls")
struct AssessCallsTests {
    let handler: AssessCalls

    init() throws { handler = AssessCalls(rules: Reloadable(fixed: try Shipped.rules())) }

    @Test("each newer version is a decision of its own, numbered from 1")
    func versions() throws {
        var state = try TriageState.empty
        let first = try decide(.sample(version: 1), &state).triaged
        let events = first + (try decide(.sample(says: "he has a gun", version: 4), &state).triaged)
        #expect(events.map(\.decision) == [1, 2])
        #expect(events.map(\.callVersion) == [1, 4])
        #expect(events.map(\.level) == [2, 4])
        #expect(state.decisions.count == 2)
    }

    @Test("a late update never overwrites a newer one", arguments: [1, 2, 3])
    func stale(_ version: Int) throws {
        var state = try TriageState.empty
        _ = try decide(.sample(version: 3), &state)
        #expect(try decide(.sample("SHOOT", version: version), &state).isEmpty)
        #expect(state.decisions.count == 1)
    }

    @Test("closing and cancelling are told with the new status", arguments: [CallStatus.closed, .cancelled])
    func endings(_ status: CallStatus) throws {
        var state = try TriageState.empty
        _ = try decide(.sample(version: 1), &state)
        let ending = try #require(try decide(.sample(version: 2, status: status), &state).triaged.first)
        #expect(ending.status == status)
        #expect(ending.decision == 2)
    }

    @Test("a call that its CAD opens again is told as active")
    func reopened() throws {
        var state = try TriageState.empty
        for (version, status) in [CallStatus.active, .closed, .active].enumerated() {
            let events = try decide(.sample(version: version + 1, status: status), &state).triaged
            #expect(events.map(\.status) == [status])
        }
    }

    @Test("an override wins until it is released, whatever the CAD sends meanwhile")
    func override() throws {
        var state = try TriageState.empty
        let call = CallSnapshot.sample("MNTL", flags: .calm)
        _ = try decide(call, &state)
        let choice = Override.Choice(
            level: 3, responseMode: .simultaneous, programs: [.patrol, .cbat], reason: "seen it")
        let overridden = try #require(try decide(.override(call.id, choice, by: "sgt"), &state).triaged.first)
        let updated = try #require(try decide(.sample("PARKING", version: 2), &state).triaged.first)
        for event in [overridden, updated] {
            #expect(event.isOverridden)
            #expect(event.level == 3)
            #expect(event.responseMode == .simultaneous)
            #expect(event.programs.map(\.program) == [.patrol, .cbat])
        }
        let released = try #require(
            try decide(.release(call.id, reason: "over", by: "sgt"), &state).triaged.first)
        #expect(!released.isOverridden)
        #expect(released.level == 1)
        #expect(released.decision == 4)
    }

    @Test("a word about an unknown call, an ended one or a missing override is refused")
    func refusals() throws {
        var state = try TriageState.empty
        let call = CallSnapshot.sample(status: .closed)
        let choice = Override.Choice(level: 3, reason: "seen it")
        #expect(refusal(.override(call.id, choice, by: "sgt"), &state) == "unknown-call")
        _ = try decide(call, &state)
        #expect(refusal(.override(call.id, choice, by: "sgt"), &state) == "call-ended")
        #expect(refusal(.release(call.id, reason: "over", by: "sgt"), &state) == "no-override")
    }

    @Test("the third call to a place announces a problem once, with its calls and its program")
    func problem() throws {
        var state = try TriageState.empty
        var problems: [ProblemDetected] = []
        for number in 1...5 {
            let call = CallSnapshot.sample(
                "SHOPLIFT", at: .business, number: "B-\(number)", receivedAt: .day(number), address: "9 Example Mall")
            problems += try decide(call, &state, at: .day(number)).problems
        }
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.calls.count == 3)
        #expect(problem.program == .businessLiaison)
        #expect(problem.windowDays == 30)
        #expect(state.visits.count == 5)
    }

    @Test("earlier calls at the place are evidence, the call's own versions are not")
    func history() throws {
        var state = try TriageState.empty
        for version in 1...4 { _ = try decide(.sample(version: version, address: "1 Example Way"), &state) }
        #expect(state.decisions.last?.rulesSay.earlierCallsAtPlace == 0)
        _ = try decide(.sample(number: "B-2", address: "1 example way"), &state)
        #expect(state.decisions.last?.rulesSay.earlierCallsAtPlace == 1)
    }

    @Test("a corrected address moves the call to its new place")
    func moved() throws {
        var state = try TriageState.empty
        _ = try decide(.sample(version: 1, address: "1 Example Way"), &state)
        _ = try decide(.sample(version: 2, address: "2 Example Way"), &state)
        let former = try #require(state.places[PlaceID(community: .beaumont, address: "1 Example Way")])
        #expect(former.visits.isEmpty)
    }

    @Test("the three call events are read, anything else is unreadable")
    func input() throws {
        let call = CallSnapshot.sample()
        let events: [any DomainEvent] = [CallReceived(call: call), CallUpdated(call: call), CallClosed(call: call)]
        for event in events {
            let input = try TriageInput(type: type(of: event).type, data: try ContractJSON.encode(event))
            #expect(input.snapshot == call)
        }
        #expect(throws: Unreadable.self) {
            try TriageInput(type: UnitStatusChanged.type, data: Data("{}".utf8))
        }
    }

    private func decide(_ call: CallSnapshot, _ state: inout TriageState, at now: Date = .monday) throws -> [Outgoing] {
        try decide(.call(call), &state, at: now)
    }

    private func decide(_ input: TriageInput, _ state: inout TriageState, at now: Date = .monday) throws -> [Outgoing] {
        try handler.decide(.sample(input, at: now), &state)
    }

    private func refusal(_ input: TriageInput, _ state: inout TriageState) -> String? {
        do {
            _ = try handler.decide(.sample(input, at: .monday), &state)
            return nil
        } catch {
            return error.code
        }
    }
}
