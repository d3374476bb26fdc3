import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite("A rescale")
struct RescaleTests {
    static let subscription = Subscription(.triage, "tally", to: [Counted.self, Tallied.self])

    @Test("under load, with two readers, loses nothing, doubles nothing and keeps the order of every key")
    func underLoad() async throws {
        try await Self.withSubscription { desk, broker in
            let said = Said()
            let readers = [desk.consumer(of: Self.subscription), desk.consumer(of: Self.subscription)]
            try await desk.running(readers) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await said.publish(on: broker) }
                    for size in [4, 16, 1] {
                        try await said.some(more: 60)
                        let rescale = try #require(
                            try await Rescale.plan(Self.subscription, into: size, broker: broker.configuration))
                        try await rescale.run { _ in }
                        try await said.some(more: 60)
                    }
                    said.isOver.withLock { $0 = true }
                    try await group.waitForAll()
                }
                try await desk.eventually("all handled") { try await desk.steps().count == said.messages.count }
            }
            try await said.expectHandledInOrder(at: desk)
            let connection = try await AMQPConnection.open(broker.configuration)
            let layout = try await PartitionLayout.oldest(of: Self.subscription, on: connection)
            #expect(layout == PartitionLayout(generation: 4, partitions: 1))
            #expect(try await connection.inspect(queue: Self.subscription.queue(generation: 4))?.messages == 0)
            #expect(try await PartitionLayout.oldest(of: Self.subscription, from: 5, on: connection) == nil)
            await connection.close()
        }
    }

    @Test("that ends early goes on where it was, and lets nobody change its mind")
    func resumed() async throws {
        struct Killed: Error {}
        try await Self.withSubscription { desk, broker in
            let said = Said()
            try await said.publish(20, on: broker)
            for _ in 1...2 {
                let rescale = try #require(
                    try await Rescale.plan(Self.subscription, into: 4, broker: broker.configuration))
                await #expect(throws: Killed.self) { try await rescale.run { _ in throw Killed() } }
                try await said.publish(20, on: broker)
                await #expect(throws: Rescale.Problem.self) {
                    try await Rescale.plan(Self.subscription, into: 2, broker: broker.configuration)
                }
            }
            let rescale = try #require(
                try await Rescale.plan(Self.subscription, into: 4, broker: broker.configuration))
            let left = Mutex<[Int]>([])
            try await desk.running([desk.consumer(of: Self.subscription)]) {
                try await rescale.run { step in
                    if case .draining(let count) = step { left.withLock { $0.append(count) } }
                }
                try await desk.eventually("all handled") { try await desk.steps().count == said.messages.count }
            }
            try await said.expectHandledInOrder(at: desk)
            #expect(left.withLock { $0.allSatisfy { $0 <= 61 } })
            #expect(try await Rescale.plan(Self.subscription, into: 4, broker: broker.configuration) == nil)
        }
    }

    @Test("that is killed while it deletes the old queues keeps no service, started since, from the new ones")
    func killedWhileDeleting() async throws {
        struct Killed: Error {}
        try await Self.withSubscription { desk, broker in
            let said = Said()
            let toFour = try #require(
                try await Rescale.plan(Self.subscription, into: 4, broker: broker.configuration))
            try await toFour.run { _ in }
            try await said.publish(20, on: broker)
            let toOne = try #require(
                try await Rescale.plan(Self.subscription, into: 1, broker: broker.configuration))
            await #expect(throws: Killed.self) { try await toOne.run { _ in throw Killed() } }
            try await desk.running([desk.consumer(of: Self.subscription)]) {
                try await desk.eventually("all handled") { try await desk.steps().count == said.messages.count }
            }
            let connection = try await AMQPConnection.open(broker.configuration)
            try await connection.delete(queue: Self.subscription.queue(generation: 2, partition: 3))
            await connection.close()
            try await said.publish(20, on: broker)
            try await desk.running([desk.consumer(of: Self.subscription)]) {
                try await desk.eventually("all handled") { try await desk.steps().count == said.messages.count }
            }
            try await said.expectHandledInOrder(at: desk)
        }
    }

    @Test("waits for what a reader has in its hands, and moves what comes after the end")
    func hands() async throws {
        try await Self.withSubscription { desk, broker in
            let said = Said()
            try await said.publish(10, on: broker)
            let reader = try await AMQPConnection.open(broker.configuration)
            try await reader.startConsuming(Self.subscription.queue(), prefetch: 100)
            #expect(try await reader.deliveries(upTo: 1, within: .seconds(20)).count == 1)

            let rescale = try #require(
                try await Rescale.plan(Self.subscription, into: 2, broker: broker.configuration))
            let looks = Looks()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await rescale.run { step in
                        if step == .switched { try await Self.publishLate(said, rescale.new, broker) }
                        looks.count.withLock { $0 += 1 }
                    }
                }
                try await desk.eventually("it waits") { looks.count.withLock { $0 > 10 } }
                let connection = try await AMQPConnection.open(broker.configuration)
                #expect(try await connection.inspect(queue: Self.subscription.queue()) != nil)
                await connection.close()
                await reader.close()
                try await desk.running([desk.consumer(of: Self.subscription)]) {
                    try await group.waitForAll()
                    try await desk.eventually("all handled") { try await desk.steps().count == said.messages.count }
                }
            }
        }
    }

    /// A message that comes to the old queue alone, behind its end, as if it had been under way for long.
    private static func publishLate(_ said: Said, _ new: PartitionLayout, _ broker: TestBroker) async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        let late = Binding(queue: subscription.queue(), to: "events", routingKey: "#")
        try await connection.bind(late)
        for binding in new.bindings(of: subscription) { try await connection.unbind(binding) }
        try await said.publish(1, on: broker)
        for binding in new.bindings(of: subscription) { try await connection.bind(binding) }
        try await connection.unbind(late)
        await connection.close()
    }

    private static func withSubscription(_ body: (Desk, TestBroker) async throws -> Void) async throws {
        try await Desk.withBroker { desk, broker in
            let connection = try await AMQPConnection.open(broker.configuration)
            try await connection.unbind(
                Binding(queue: Desk.queue, to: "events", routingKey: "\(Counted.type).*"))
            try await Topology.subscription(subscription, .initial).declare(on: connection)
            await connection.close()
            try await body(desk, broker)
        }
    }
}

/// How often the rescale has reported.
final class Looks: Sendable {
    let count = Mutex(0)
}

/// What was published, in order.
final class Said: Sendable {
    private let keys = (0..<12).map { _ in UUID() }
    private let state = Mutex<[(id: UUID, key: UUID)]>([])
    let isOver = Mutex(false)

    var messages: [(id: UUID, key: UUID)] { state.withLock { $0 } }

    func publish(_ count: Int, on broker: TestBroker) async throws {
        var batch: [Publication] = []
        for _ in 0..<count {
            let (id, key) = (UUID.v7(), keys[messages.count % keys.count])
            state.withLock { $0.append((id, key)) }
            batch.append(try Samples.publication(Counted(key: key), id: id))
        }
        try await broker.configuration.publish(batch)
    }

    /// Until it is over.
    func publish(on broker: TestBroker) async throws {
        while !isOver.withLock({ $0 }) {
            try await publish(6, on: broker)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func some(more count: Int) async throws {
        let wanted = messages.count + count
        while messages.count < wanted { try await Task.sleep(for: .milliseconds(20)) }
    }

    func expectHandledInOrder(at desk: Desk) async throws {
        let rows = try await desk.database.query("select key, message_id from steps order by key, total")
        var handled: [UUID: [UUID]] = [:]
        for row in rows {
            let (key, id) = try row.decode(UUID.self, UUID.self)
            handled[key, default: []].append(id)
        }
        let said = Dictionary(grouping: messages) { $0.key }.mapValues { $0.map(\.id) }
        #expect(handled == said)
        #expect(try await desk.count("select count(*) from parked") == 0)
    }
}
