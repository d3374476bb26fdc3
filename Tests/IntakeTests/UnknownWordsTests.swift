import Contracts
import Foundation
import Messaging
import Testing

@testable import Intake

@Suite("Words that nobody here knows")
struct UnknownWordsTests {
    enum Kind: String, CaseIterable {
        case status, callType = "call-type", placeType = "place-type", ageBand = "age-band", flag, fact

        func spoil(_ call: inout CADCall) {
            switch self {
            case .status: call.status = "dispatched"
            case .callType: call.typeCode = "ZZTOP"
            case .placeType: call.location.placeType = "submarine"
            case .ageBand: call.ageBand = "ageless"
            case .flag: call.flags = ["levitating": .yes]
            case .fact: call.flags = [.weapon: "perhaps"]
            }
        }
    }

    @Test("are accepted, kept and told apart by kind, so that they can be counted", arguments: Kind.allCases)
    func kinds(kind: Kind) throws {
        let handler = try Sample.handler()
        var state = IntakeState(lastPosition: 0)
        var call = Sample.call()
        kind.spoil(&call)
        let outgoing = try handler.decide(Sample.message(call, id: "m-1"), &state)
        let snapshot = try #require(state.newVersions.first?.snapshot)
        #expect(snapshot.unknownWords == [kind.rawValue])
        #expect(state.newReceipts.map(\.receipt.outcome) == [.accepted])
        #expect(outgoing.count == 2)
    }

    @Test("a call in known words has none")
    func none() throws {
        let handler = try Sample.handler()
        var state = IntakeState(lastPosition: 0)
        _ = try handler.decide(Sample.message(Sample.call(), id: "m-1"), &state)
        #expect(state.newVersions.first?.snapshot.unknownWords == [])
    }
}
