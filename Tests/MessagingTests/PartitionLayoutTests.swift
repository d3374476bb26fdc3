import AMQP
import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@Suite("How a subscription is divided", .privateBroker)
struct PartitionLayoutTests {
    @Test("every slot belongs to one partition, and each has as many", arguments: PartitionLayout.sizes)
    func slots(size: Int) {
        let layout = PartitionLayout(generation: 2, partitions: size)
        for subscription in Catalog.subscriptions {
            let bindings = layout.bindings(of: subscription)
            #expect(Set(bindings.map(\.destination.name)) == Set(layout.queues(of: subscription)))
            let lanes = Slot.all.map { slot in
                bindings.filter { $0.routingKey == "#" || $0.routingKey.hasSuffix(".\(slot)") }.map(\.destination.name)
            }
            #expect(lanes.allSatisfy { $0.count == 1 })
            let loads = Dictionary(lanes.flatMap(\.self).map { ($0, 1) }, uniquingKeysWith: +)
            #expect(Set(loads.values) == [Slot.count / size])
        }
    }

    @Test("who never rescales has the queues and bindings of always")
    func initial() {
        let topology = Topology.copps(agencies: ["banning-pd"])
        #expect(topology == .copps(agencies: ["banning-pd"]) { _ in .initial })
        #expect(topology.exchanges.map(\.name) == ["cad", "receipts", "events", "dlx"])
        #expect(topology.queues.map(\.name).contains("notifications.ledger.v1.p0"))
        let wanted = Binding(queue: "triage.calls.v1.p0", to: "events", routingKey: "intake.call.closed.v1.*")
        #expect(topology.bindings.contains(wanted))
    }

    @Test("the layouts are read off the names of the queues")
    func names() {
        let queues = [
            "triage.calls.v1.p0", "triage.calls.v12.p2", "triage.calls.v12.p0", "triage.calls.v3.p0x",
            "triage.calls.v4.p99", "triage.dead.v1", "triage.callsigns.v7.p0", "notifications.ledger.v9.p1",
        ]
        #expect(
            PartitionLayout.all(of: Catalog.calls, in: queues)
                == [.initial, PartitionLayout(generation: 12, partitions: 4)])
        #expect(PartitionLayout.all(of: Catalog.care, in: queues) == [])
    }

    @Test("the broker gives every event of every slot to one partition, and returns what none takes")
    func broker() async throws {
        let broker = try TestBroker.current
        let layout = PartitionLayout(generation: 7, partitions: 4)
        let connection = try await AMQPConnection.open(broker.configuration)
        try await Topology(exchanges: [Exchange("events", kind: .topic)]).declare(on: connection)
        try await Topology.subscription(Catalog.ledger, layout).declare(on: connection)
        #expect(try await PartitionLayout.oldest(of: Catalog.ledger, on: connection) == layout)
        #expect(try await PartitionLayout.oldest(of: Catalog.ledger, from: 8, on: connection) == nil)
        #expect(try await PartitionLayout.oldest(of: Catalog.calls, on: connection) == nil)

        let messages = Catalog.events.flatMap { event in
            Slot.all.map { slot in
                let id = UUID().uuidString
                return Publication(
                    exchange: "events", routingKey: event.type.routingKey(slot), body: Data(),
                    properties: MessageProperties(messageID: id))
            }
        }
        try await broker.configuration.publish(messages)
        for (partition, queue) in layout.queues(of: Catalog.ledger).enumerated() {
            let taken = try await broker.configuration.take(from: queue) { $0.count >= messages.count / 4 }
            let slots = Set(taken.compactMap { $0.routingKey.split(separator: ".").last })
            #expect(slots == Set(Slot.all.filter { $0.number % 4 == partition }.map { Substring($0.description) }))
            #expect(taken.count == messages.count / 4)
        }

        try await connection.delete(queue: Catalog.ledger.queue(generation: 7, partition: 2))
        // What is missing by mistake hides nothing else.
        #expect(try await PartitionLayout.oldest(of: Catalog.ledger, on: connection) == layout)
        try await connection.enableConfirms()
        let last = try await connection.send(Array(messages.prefix(Slot.count)))
        let rejected = try await connection.confirmations(through: last, within: .seconds(20))
        #expect(rejected.count == Slot.count / 4)
        await connection.close()
    }
}
