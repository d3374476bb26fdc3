import Contracts
import Foundation
import Testing

@Suite("Golden messages")
struct GoldenTests {
    /// The members whose values are vocabulary, and so may be words that this version does not know.
    private static let vocabulary: Set<String> = [
        "status", "community", "placeType", "ageBand", "program", "responseMode", "mode", "disposition", "secondary",
        "needs", "need", "legalStatus", "consent", "owner", "nextOwner", "outcome", "original", "agency", "unitAgency",
        "callAgency",
    ]

    @Test("a golden message decodes and is written again as the same bytes", arguments: Golden.all)
    func roundTrip(golden: Golden) throws {
        #expect(try rewrite(golden.bytes, as: golden.contract) == golden.bytes)
    }

    @Test("fields this version does not know are ignored, at any depth", arguments: Golden.all)
    func unknownFields(golden: Golden) throws {
        let new = JSON.object(["anything": .array([.null, .bool(true), .number(0.5)])])
        let extended = JSON.object(["": try golden.tree]).mapMembers { name, member in
            guard case .object(var members) = member, name != "flags", name != "fromTheFuture" else { return member }
            members["fromTheFuture"] = new
            return .object(members)
        }
        guard case .object(let root) = extended, let message = root[""] else { return }
        let data = try ContractJSON.encode(message)
        #expect(String(decoding: data, as: UTF8.self).contains("fromTheFuture"))
        #expect(try rewrite(data, as: golden.contract) == golden.bytes)
    }

    @Test("vocabulary this version does not know is kept as it came", arguments: Golden.all)
    func unknownVocabulary(golden: Golden) throws {
        let word = JSON.string("a-word-of-2031")
        let changed = try golden.tree.mapMembers { name, member in
            switch member {
            case .string where Self.vocabulary.contains(name): word
            case .array(let items) where Self.vocabulary.contains(name): .array(items.map { _ in word })
            case .object where name == "flags": .object(["aFlagOf2031": word])
            default: member
            }
        }
        let data = try ContractJSON.encode(changed)
        #expect(String(decoding: data, as: UTF8.self).contains("2031"))
        #expect(try rewrite(data, as: golden.contract) == data)
    }

    @Test("every message has a golden and a schema, and there are no others")
    func complete() {
        let messages = Golden.contracts.keys.sorted()
        #expect(Set(Golden.all.map(\.name)).sorted() == messages)
        #expect(Golden.files(in: Golden.schemas, ending: ".schema.json") == messages)
    }

    @Test("a golden call has the ids that its agency, number and address give")
    func derivedIDs() throws {
        let golden = try #require(Golden.all.first { $0.file == "intake.call.received.v1" })
        let call = try ContractJSON.decode(CallReceived.self, from: golden.bytes).call
        #expect(call.id == CallID(agency: call.agency, number: call.number))
        #expect(call.location.place == PlaceID(community: call.community, address: "100  EXAMPLE AVE., Beaumont"))
    }

    @Test("an outcome needs only its disposition, and silence about consent is not consent")
    func leastOutcome() throws {
        let outcome = try ContractJSON.decode(EncounterOutcome.self, from: Data(#"{"disposition":"refused"}"#.utf8))
        #expect(outcome == EncounterOutcome(disposition: .refused))
        #expect(outcome.consent == .unknown)
    }

    private func rewrite(_ data: Data, as type: any Contract.Type) throws -> Data {
        func rewrite<Value: Contract>(_ type: Value.Type) throws -> Data {
            let value = try ContractJSON.decode(type, from: data)
            let written = try ContractJSON.encode(value)
            #expect(try ContractJSON.decode(type, from: written) == value)
            return written
        }
        return try rewrite(type)
    }
}
