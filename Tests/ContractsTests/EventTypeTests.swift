import Contracts
import Foundation
import Testing

@Suite("Event types and routing keys")
struct EventTypeTests {
    @Test("every type is read back from its name, and no two share one")
    func names() {
        for event in Catalog.events { #expect(EventType(event.type.description) == event.type) }
        #expect(Set(Catalog.events.map { $0.type }).count == Catalog.events.count)
    }

    @Test("a newer major version is a type of its own")
    func major() throws {
        let type = try #require(EventType("triage.call.triaged.v12"))
        #expect(type.major == 12)
        #expect(type != CallTriaged.type)
    }

    @Test(
        "what is not a type's name is refused",
        arguments: [
            "", "triage", "triage.call.triaged", "triage.call.triaged.v1.s07", "dispatch.call.triaged.v1",
            "triage..triaged.v1", "triage.call..v1", "triage.call.triaged.1", "triage.call.triaged.v0",
            "triage.call.triaged.v-1", "triage.call.triaged.v+1", "triage.call.triaged.v01", "triage.call.#.v1",
            "triage.*.triaged.v1", "Triage.call.triaged.v1", "triage.call.Triaged.v1", "triage.call.tri aged.v1",
        ])
    func refused(name: String) {
        #expect(EventType(name) == nil)
    }

    /// FNV-1a-64 of the sixteen bytes modulo 64, computed in Python. They never change: queues are bound by them.
    @Test(
        "an id's slot is the same in every process and language",
        arguments: [
            ("146cab32-3761-55c6-9d52-3a96a4d09469", "s47"), ("640c4333-7a81-5f2f-9977-ee343fab6b96", "s01"),
            ("f58b4fde-71a5-52cf-9a59-7ff99ba8a5e0", "s02"), ("00000000-0000-0000-0000-000000000000", "s37"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "s21"), ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "s52"),
        ])
    func slotVectors(id: String, expected: String) throws {
        #expect(Slot(try #require(UUID(uuidString: id))).description == expected)
    }

    @Test("calls spread over all slots")
    func spread() {
        let slots = (0..<6400).map { Slot(CallID(agency: "beaumont-pd", number: "\($0)").uuid).number }
        let counts = Dictionary(grouping: slots) { $0 }.mapValues(\.count)
        #expect(counts.keys.sorted() == Array(0..<Slot.count))
        #expect(counts.values.allSatisfy { (50...150).contains($0) })
    }

    @Test("a routing key is short and says nothing about a person, place or call", arguments: Golden.all)
    func routingKeys(golden: Golden) throws {
        guard let event = try golden.contract as? any DomainEvent.Type else { return }
        let key = try routingKey(event, golden.bytes)
        #expect(key.utf8.count <= 255)
        #expect(key.wholeMatch(of: /[a-z-]+\.[a-z-]+\.[a-z-]+\.v[1-9][0-9]*\.s[0-6][0-9]/) != nil)
        #expect(EventType(key.dropLast(4)) == event.type)
        let personal: Set = [
            "name", "phone", "address", "placeName", "place", "text", "number", "callNumber", "unit", "id", "call",
            "episode", "language", "reason",
        ]
        for text in try golden.tree.texts(named: personal) where text.count > 2 { #expect(!key.contains(text)) }
    }

    @Test("events of one call stay in its lane", arguments: Golden.all)
    func lanes(golden: Golden) throws {
        guard let event = try golden.contract as? any DomainEvent.Type else { return }
        let ofACall = !["unit", "problem", "case"].contains(event.type.aggregate)
        guard ofACall, golden.name != CallJoined.type.description else { return }
        #expect(try routingKey(event, golden.bytes).hasSuffix(".s47"))
    }

    @Test("queue names are short, and notifications hears everything")
    func subscriptions() throws {
        let queues = Catalog.subscriptions.map { $0.queue(generation: 255, partition: 15) }
        #expect(queues.allSatisfy { $0.utf8.count <= 255 } && Set(queues).count == queues.count)
        #expect(Catalog.subscriptions.map { $0.queue() }.contains("triage.calls.v1.p0"))
        let ledger = try #require(Catalog.subscriptions.first { $0.service == .notifications })
        #expect(ledger.types == Catalog.events.map { $0.type })
    }

    private func routingKey<Event: DomainEvent>(_ type: Event.Type, _ data: Data) throws -> String {
        Event.type.routingKey(Slot(try ContractJSON.decode(type, from: data).partitionKey))
    }
}
