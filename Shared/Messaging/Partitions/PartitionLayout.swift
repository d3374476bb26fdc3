package import AMQP
package import Contracts

/// How a subscription is divided into queues just now.
///
/// The layout is read off the broker: its queues are named `<service>.<what>.v<generation>.p<partition>`. Who never
/// rescales has one queue of generation 1, bound straight to `events`. The queues of every later generation take their
/// slots from an exchange of the subscription's own, so that a slot moves with all its types at once.
package struct PartitionLayout: Hashable, Sendable {
    /// Divisors of the number of slots, so that every partition has as many.
    package static let sizes = [1, 2, 4, 8, 16]
    package static let initial = PartitionLayout(generation: 1, partitions: 1)

    package let generation: Int
    package let partitions: Int

    package init(generation: Int, partitions: Int) {
        self.generation = generation
        self.partitions = partitions
    }

    package func queues(of subscription: Subscription) -> [String] {
        (0..<partitions).map { subscription.queue(generation: generation, partition: $0) }
    }

    /// What the queues take from the subscription's exchange.
    package func bindings(of subscription: Subscription) -> [Binding] {
        queues(of: subscription).enumerated().flatMap { partition, queue in
            let slots = Slot.all.filter { $0.number % partitions == partition }
            let keys = partitions == 1 ? ["#"] : slots.map { "*.*.*.*.\($0)" }
            return keys.map { Binding(queue: queue, to: subscription.name, routingKey: $0) }
        }
    }

    /// The layouts of which the broker has queues, the oldest first: two while a rescale is under way.
    package static func all(of subscription: Subscription, in queues: some Sequence<String>) -> [PartitionLayout] {
        var highest: [Int: Int] = [:]
        for queue in queues where queue.hasPrefix(subscription.name + ".v") {
            let words = queue.dropFirst(subscription.name.count + 2).split(separator: ".")
            guard words.count == 2, words[1].first == "p", let generation = Int(words[0]),
                let partition = Int(words[1].dropFirst()),
                subscription.queue(generation: generation, partition: partition) == queue
            else { continue }
            highest[generation] = max(highest[generation] ?? 0, partition)
        }
        return highest.sorted { $0.key < $1.key }.compactMap { Self(generation: $0.key, highest: $0.value) }
    }

    /// - Parameter highest: the last partition there is; the size is the next that has it.
    private init?(generation: Int, highest: Int) {
        guard let size = Self.sizes.first(where: { $0 > highest }) else { return nil }
        self.init(generation: generation, partitions: size)
    }
}

extension PartitionLayout {
    /// Rescaling stops here: whoever looks for the present generation asks the broker for one after the other.
    package static let lastGeneration = 255

    /// The oldest layout there is from this generation on, as one who may only use queues finds it: by asking for each.
    ///
    /// Every question about a queue that does not exist leaves an error in the broker's log, so ask seldom. Without a
    /// rescale it is one question and no error.
    package static func oldest(
        of subscription: Subscription, from first: Int = 1, on connection: AMQPConnection
    ) async throws -> PartitionLayout? {
        if first == 1, try await connection.inspect(queue: subscription.queue()) != nil { return initial }
        guard first <= lastGeneration, try await connection.exists(exchange: subscription.name) else { return nil }
        for generation in max(2, first)...lastGeneration {
            // The first partition is the last to come and the last to go.
            let isThere = try await connection.inspect(queue: subscription.queue(generation: generation)) != nil
            if isThere { return try await found(generation, of: subscription, on: connection) }
        }
        return nil
    }

    private static func found(
        _ generation: Int, of subscription: Subscription, on connection: AMQPConnection
    ) async throws -> PartitionLayout? {
        // From the top, so that one queue that was deleted by mistake hides none of the others.
        for partition in (1..<(sizes.max() ?? 1)).reversed() {
            let queue = subscription.queue(generation: generation, partition: partition)
            if try await connection.inspect(queue: queue) != nil {
                return Self(generation: generation, highest: partition)
            }
        }
        return Self(generation: generation, highest: 0)
    }
}
