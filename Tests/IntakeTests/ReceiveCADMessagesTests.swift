import Contracts
import Foundation
import Messaging
import Testing
@testable import Intake

@Suite("Receiving CAD messages")
struct ReceiveCADMessagesTests {
    let desk: Desk

    init() throws { desk = try Desk() }

    @Test("the first version is accepted, a newer one updates, an older one is stale and changes nothing")
    func versions() throws {
        #expect(try desk.send(Sample.call(version: 2), "M-1").outcome == .accepted)
        #expect(try desk.send(Sample.call(version: 5), "M-2").outcome == .updated)
        #expect(try desk.send(Sample.call(version: 3, status: .closed), "M-3").outcome == .stale)
        #expect(desk.events == ["intake.call.received.v1 2", "intake.call.updated.v1 5"])
        #expect(desk.state.newVersions.map(\.isLate) == [false, false, true])
        #expect(desk.state.calls[CallID(agency: "beaumont-pd", number: "B-1")]?.current.version == 5)
    }

    @Test("whatever the order of versions, the newest that came holds and each is told at most once")
    func anyOrder() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let desk = try Desk()
            let versions = (1...8).shuffled(using: &random)
            var newest = 0
            for version in versions {
                let receipt = try desk.send(Sample.call(version: version), "M-\(version)")
                #expect(receipt.outcome == (newest == 0 ? .accepted : version > newest ? .updated : .stale))
                newest = max(newest, version)
            }
            #expect(desk.state.calls.values.map(\.current.version) == [8])
            #expect(desk.state.newVersions.count == 8)
            #expect(Set(desk.events).count == desk.events.count)
        }
    }

    @Test("closing and cancelling end the call", arguments: [CallStatus.closed, .cancelled])
    func endings(_ status: CallStatus) throws {
        _ = try desk.send(Sample.call(), "M-1")
        #expect(try desk.send(Sample.call(version: 2, status: status), "M-2").outcome == .updated)
        #expect(desk.events.last == "intake.call.closed.v1 2")
        #expect(desk.state.recent.isEmpty)
    }

    @Test("a message sent again is a duplicate and says what the first one was")
    func duplicates() throws {
        let calls = [Sample.call(version: 2), Sample.call(version: 3), Sample.call(version: 1)]
        let firsts = try calls.enumerated().map { try desk.send($1, "M-\($0)") }
        let told = desk.events
        for (index, call) in calls.enumerated() {
            let again = try desk.send(call, "M-\(index)")
            #expect(again.outcome == .duplicate)
            #expect(again.original == firsts[index].outcome)
            #expect(again.call == firsts[index].call)
            #expect(again.version == call.version)
            #expect(again.callNumber == "B-1")
        }
        #expect(desk.events == told)
        #expect(desk.state.newVersions.count == 3)
    }

    @Test("the same version under another message id is a duplicate of what that version was")
    func sameVersion() throws {
        let calls = [Sample.call(version: 2), Sample.call(version: 3), Sample.call(version: 1)]
        for (index, call) in calls.enumerated() { _ = try desk.send(call, "M-\(index)") }
        let originals = try calls.enumerated().map { try desk.send($1, "N-\($0)").original }
        #expect(originals == [.accepted, .updated, .stale])
        #expect(desk.state.newVersions.count == 3)
    }

    @Test("a message id used again for other content is rejected; of another agency it is another id")
    func messageIDReuse() throws {
        _ = try desk.send(Sample.call(), "M-1")
        let receipt = try desk.send(Sample.call(version: 2), "M-1")
        #expect(receipt.outcome == .rejected)
        #expect(receipt.problems.map(\.code) == ["message-id-reused"])
        #expect(desk.parked == ["rejected"])
        #expect(
            try desk.send(
                Sample.call("X-1", address: nil, city: "Banning", latitude: 33.92, longitude: -116.88),
                "M-1", by: "banning-pd"
            ).outcome == .accepted)
    }

    @Test("a version used again for other content is rejected and the first one stands")
    func versionReuse() throws {
        _ = try desk.send(Sample.call(), "M-1")
        let receipt = try desk.send(Sample.call(typeCode: "415"), "M-2")
        #expect(receipt.outcome == .rejected)
        #expect(receipt.problems.map { "\($0.pointer) \($0.code)" } == ["/call/version version-reused"])
        #expect(desk.state.calls.values.map(\.current.type.code) == ["5150"])
        #expect(desk.events.count == 1)
    }

    @Test("a rejected message leaves nothing behind, and mended it may come again under its id")
    func mended() throws {
        let future = Sample.call(receivedAt: Sample.now + 7200)
        let rejected = try desk.send(future, "M-1")
        #expect(rejected.outcome == .rejected)
        #expect(rejected.problems.map(\.pointer) == ["/call/receivedAt"])
        #expect(desk.state.calls.isEmpty && desk.events.isEmpty)
        #expect(try desk.send(Sample.call(), "M-1").outcome == .accepted)
    }

    @Test("an hour in the future is a fast clock, more is impossible", arguments: [(3600.0, true), (3601, false)])
    func future(_ seconds: Double, _ isAccepted: Bool) throws {
        #expect(
            try desk.send(Sample.call(receivedAt: Sample.now + seconds), "M-1").outcome
                == (isAccepted ? .accepted : .rejected))
        var updated = Sample.call("B-2")
        updated.updatedAt = Sample.now + seconds
        #expect(try desk.send(updated, "M-2").outcome == (isAccepted ? .accepted : .rejected))
        let status = CADUnitStatus(unit: "CB1", status: .enroute, at: Sample.now + seconds)
        #expect(try desk.send(status, "M-3").outcome == (isAccepted ? .accepted : .rejected))
    }

    @Test("an unreadable message is answered with its problems and parked, and costs the next one nothing")
    func unreadable() throws {
        let receipt = try desk.handle(try Sample.message(Data("{".utf8)))
        #expect(receipt.outcome == .rejected)
        #expect(receipt.messageId == nil)
        #expect(receipt.problems.map(\.code) == ["not-json"])
        #expect(desk.parked == ["rejected"])
        #expect(try desk.send(Sample.call(), "M-1").outcome == .accepted)
    }

    @Test("a unit status passes through typed; without an agency the call is the reporting one's")
    func unitStatus() throws {
        let outcome = EncounterOutcome(disposition: .safetyPlan, needs: [.food], consent: .yes)
        let own = CADUnitStatus(unit: "CB1", status: .cleared, at: Sample.now, callNumber: "B-1", outcome: outcome)
        let other = CADUnitStatus(
            unit: "CB1", status: .declined, at: Sample.now, callNumber: "R-9", callAgency: "riverside-sheriff",
            reason: "far")
        #expect(try desk.send(own, "M-1").call == CallID(agency: "beaumont-pd", number: "B-1"))
        #expect(try desk.send(other, "M-2").call == CallID(agency: "riverside-sheriff", number: "R-9"))
        #expect(try desk.send(CADUnitStatus(unit: "CB1", status: .available, at: Sample.now), "M-3").call == nil)
        let events = desk.outgoing.compactMap {
            if case .event(let event) = $0 { event as? UnitStatusChanged } else { nil }
        }
        #expect(events.map(\.status) == [.cleared, .declined, .available])
        #expect(events.first?.outcome == outcome)
        #expect(events.allSatisfy { $0.agency == "beaumont-pd" })
        #expect(try desk.send(own, "M-1").original == .accepted)
        #expect(desk.events.count == 3)
    }

    @Test("the snapshot has the agency's code in everybody's words, the community and the place")
    func snapshot() throws {
        _ = try desk.send(Sample.call(), "M-1")
        _ = try desk.send(Sample.call("B-2", typeCode: "ZZZ", city: nil, latitude: 33.92, longitude: -116.88), "M-2")
        let calls = desk.state.newVersions.map(\.snapshot)
        #expect(
            calls.map(\.type) == [
                CallType(code: "5150", common: "MNTL", isRecognized: true),
                CallType(code: "ZZZ", common: "OTHER", isRecognized: false),
            ])
        #expect(calls.map(\.community) == [.beaumont, .banning])
        #expect(calls.map(\.updatedAt) == calls.map(\.receivedAt))
        #expect(calls[0].location.place == PlaceID(community: .beaumont, address: "100  EXAMPLE ave."))
    }

    @Test("another agency's call at the same place is pointed to, on every version")
    func possibleDuplicate() throws {
        let first = try #require(try desk.send(Sample.call(receivedAt: Sample.now - 300), "M-1").call)
        _ = try desk.send(Sample.call("R-1"), "M-1", by: "riverside-sheriff")
        _ = try desk.send(Sample.call("R-1", version: 2), "M-2", by: "riverside-sheriff")
        _ = try desk.send(Sample.call("N-1"), "M-1", by: "banning-pd")
        #expect(desk.state.newVersions.map(\.snapshot.possibleDuplicateOf) == [nil, first, first, first])
    }

    @Test("receipts are numbered without a gap and go to the agency's own queue")
    func receipts() throws {
        _ = try desk.send(Sample.call(), "M-1")
        _ = try desk.send(Sample.call(), "M-1")
        _ = try desk.send(Sample.call(), "M-1", by: "banning-pd")
        #expect(desk.state.newReceipts.map(\.position) == [41, 42, 43])
        let direct = desk.outgoing.compactMap { if case .direct(let message) = $0 { message } else { nil } }
        #expect(direct.map(\.routingKey) == ["receipts.beaumont-pd", "receipts.beaumont-pd", "receipts.banning-pd"])
        #expect(
            try direct.map { try ContractJSON.decode(Receipt.self, from: $0.body) }
                == desk.state.newReceipts.map(\.receipt))
    }
}

/// The handler with a state, as one batch after the other sees it.
final class Desk {
    private let handler: ReceiveCADMessages
    private(set) var state = IntakeState(lastPosition: 40)
    private(set) var outgoing: [Outgoing] = []

    init() throws { handler = try Sample.handler() }

    func send(_ call: CADCall, _ id: String, by agency: AgencyID = "beaumont-pd") throws -> Receipt {
        try handle(try Sample.message(call, id: id, by: agency))
    }

    func send(_ status: CADUnitStatus, _ id: String) throws -> Receipt {
        try handle(try Sample.message(status, id: id))
    }

    func handle(_ message: Message<CADMessage>) throws -> Receipt {
        outgoing += try handler.decide(message, &state)
        return state.newReceipts[state.newReceipts.count - 1].receipt
    }

    /// Each event as `type version`.
    var events: [String] {
        outgoing.compactMap { item in
            guard case .event(let event) = item else { return nil }
            let call = (event as? CallReceived)?.call ?? (event as? CallUpdated)?.call ?? (event as? CallClosed)?.call
            return "\(type(of: event).type) \(call?.version ?? 0)"
        }
    }

    var parked: [String] {
        outgoing.compactMap { if case .park(let code, _) = $0 { code } else { nil } }
    }
}
