package import AMQP
package import Contracts

/// Divides a subscription into another number of queues while messages flow: nothing is lost, and the order per key
/// holds, because a slot leaves the old queues with all its types at once and the new queues are read only when the old
/// are drained.
///
/// Can be begun again wherever it ended. What both generations take for a moment, the inbox recognizes.
package struct Rescale: Sendable {
    package let subscription: Subscription
    /// What is read now.
    package let old: PartitionLayout
    package let new: PartitionLayout
    let broker: AMQPConfiguration

    package enum Step: Sendable, Equatable {
        /// The new queues take what comes, and the old do not any more.
        case switched
        /// So many messages are left in the old queues.
        case draining(left: Int)
        case done
    }

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter broker: as its administrator.
    /// - Returns: nil when the subscription is divided so already.
    package static func plan(
        _ subscription: Subscription, into partitions: Int, broker: AMQPConfiguration
    ) async throws -> Rescale? {
        try await connected(broker) { connection in
            guard let old = try await PartitionLayout.oldest(of: subscription, on: connection) else {
                throw Problem(description: "\(subscription.name) has no queue; `copps topology apply` declares it")
            }
            let wanted = PartitionLayout(generation: old.generation + 1, partitions: partitions)
            if let begun = try await begun(after: old, subscription, on: connection) {
                guard begun == wanted else {
                    throw Problem(
                        description: "a rescale of \(subscription.name) to \(begun.partitions) is under way; finish it")
                }
            } else if old.partitions == partitions {
                return nil
            }
            guard wanted.generation <= PartitionLayout.lastGeneration else {
                throw Problem(description: "\(subscription.name) was rescaled too often for its queues to be found")
            }
            return Rescale(subscription: subscription, old: old, new: wanted, broker: broker)
        }
    }

    /// The generation after the present one, as far as it was declared.
    private static func begun(
        after old: PartitionLayout, _ subscription: Subscription, on connection: AMQPConnection
    ) async throws -> PartitionLayout? {
        var queues: [String] = []
        for partition in 0..<(PartitionLayout.sizes.max() ?? 1) {
            let queue = subscription.queue(generation: old.generation + 1, partition: partition)
            if try await connection.inspect(queue: queue) != nil { queues.append(queue) }
        }
        return PartitionLayout.all(of: subscription, in: queues).first
    }

    package func run(_ report: (Step) async throws -> Void) async throws {
        try await Self.connected(broker) { connection in
            // After a start that ended early some may be deleted already.
            var queues: [String] = []
            for queue in old.queues(of: subscription) where try await connection.inspect(queue: queue) != nil {
                queues.append(queue)
            }
            try await connection.enableConfirms()
            try await switchOver(from: queues, on: connection)
            try await report(.switched)
            try await drain(queues, report, on: connection)
        }
        try await report(.done)
    }

    /// Has the new queues take everything, then the old nothing.
    private func switchOver(from queues: [String], on connection: AMQPConnection) async throws {
        let topology = Topology.subscription(subscription, new)
        let isBegun = try await Self.begun(after: old, subscription, on: connection) != nil
        if old == .initial && !isBegun {
            // Bound by type, it would lose one type of a slot before the other. So it goes behind the exchange first.
            let way = Topology(
                exchanges: topology.exchanges, bindings: topology.bindings.filter { $0.exchange == "events" })
            try await way.declare(on: connection)
            for binding in old.bindings(of: subscription) { try await connection.bind(binding) }
            for binding in Topology.subscription(subscription, old).bindings { try await connection.unbind(binding) }
        }
        try await topology.declare(on: connection)
        // What was routed before the new queues were bound arrives in the old ones before these end.
        try await Task.sleep(for: .seconds(1))
        // Ends before bindings: whoever is killed in between leaves queues that are read on, or new ones that are.
        try await publish(queues.map(GenerationEnd.publication), on: connection)
        for binding in old.bindings(of: subscription) where queues.contains(binding.destination.name) {
            try await connection.unbind(binding)
        }
    }

    /// Waits until the old queues are drained, and deletes them, the first partition last.
    private func drain(
        _ queues: [String], _ report: (Step) async throws -> Void, on connection: AMQPConnection
    ) async throws {
        var ends: [String: AMQPConnection] = [:]
        do {
            // Looking at a queue's head counts as a delivery, so it is looked at once after each reader.
            var wasLookedAt: Set<String> = []
            while ends.count < queues.count {
                var left = 0
                for queue in queues where ends[queue] == nil {
                    guard let state = try await connection.inspect(queue: queue) else {
                        throw Problem(description: "\(queue) was deleted by somebody else; see `copps audit`")
                    }
                    left += max(0, state.messages - 1)
                    if state.consumers > 0 {
                        wasLookedAt.remove(queue)
                    } else if state.messages > 0, wasLookedAt.insert(queue).inserted {
                        ends[queue] = try await end(of: queue)
                    }
                }
                try await report(.draining(left: left))
                if ends.count < queues.count { try await Task.sleep(for: .milliseconds(200)) }
            }
            for queue in queues.reversed() {
                if let end = ends[queue] { try await moveRest(behind: end, on: connection) }
                try await connection.delete(queue: queue)
            }
        } catch {
            for end in ends.values { await end.close() }
            throw error
        }
        for end in ends.values { await end.close() }
    }

    /// A connection that was handed the queue's end first: everything before it is settled. Nil while it is not.
    private func end(of queue: String) async throws -> AMQPConnection? {
        let reader = try await AMQPConnection.open(broker)
        do {
            try await reader.startConsuming(queue, prefetch: 100)
            let head = try await reader.deliveries(upTo: 1, within: .seconds(2))
            if head.first?.endsGeneration == true { return reader }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        return nil
    }

    /// Publishes again what arrived after the end, which nobody reads any more. Who had it recognizes it.
    private func moveRest(behind end: AMQPConnection, on connection: AMQPConnection) async throws {
        while true {
            let rest = try await end.deliveries(upTo: 100, within: .milliseconds(300))
            guard let last = rest.last else { return }
            try await publish(rest.filter { !$0.endsGeneration }.map(again), on: connection)
            try await end.acknowledge(through: last.tag)
        }
    }

    private func again(_ delivery: Delivery) throws -> Publication {
        guard case .body(let body) = delivery.content else {
            throw Problem(description: "a message of \(delivery.routingKey) is too large to be moved")
        }
        return Publication(
            exchange: "events", routingKey: delivery.routingKey, body: body, properties: delivery.properties)
    }

    private func publish(_ messages: [Publication], on connection: AMQPConnection) async throws {
        guard !messages.isEmpty else { return }
        let last = try await connection.send(messages)
        guard try await connection.confirmations(through: last, within: .seconds(30)).isEmpty else {
            throw Problem(description: "the broker refused a message; begin again")
        }
    }

    private static func connected<Value>(
        _ broker: AMQPConfiguration, _ body: (AMQPConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await AMQPConnection.open(broker)
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }
}
