import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import Testing
import TestSupport

@Suite("The relay")
struct RelayTests {
    /// Where everything that the relay publishes can be seen.
    private static func listen(_ broker: TestBroker, to pattern: String = "triage.tally.made.#") async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("listener"))
        try await connection.bind(Binding(queue: "listener", to: "events", routingKey: pattern))
        await connection.close()
    }

    private func say(_ count: Int, _ keys: [UUID], _ desk: Desk) async throws {
        let batch = try (0..<count).map { try Samples.envelope(Counted(key: keys[$0 % keys.count])) }
        try await desk.processor().process(batch, from: .inbox)
    }

    private func tallies(_ deliveries: [Delivery]) throws -> [Tallied] {
        try deliveries.map { delivery in
            guard case .body(let data) = delivery.content else { throw Desk.NotYet(description: "an oversized event") }
            return try ContractJSON.decode(Tallied.self, from: data)
        }
    }

    /// The totals in the order in which each first came.
    private func firsts(_ tallies: [Tallied], of key: UUID) -> [Int] {
        var seen: Set<Int> = []
        return tallies.filter { $0.key == key && seen.insert($0.total).inserted }.map(\.total)
    }

    private func isComplete(_ count: Int) -> ([Delivery]) -> Bool {
        { deliveries in Set(deliveries.compactMap { $0.properties.messageID }).count == count }
    }

    private func outboxIsEmpty(_ desk: Desk) async throws {
        try await desk.eventually("the outbox is empty") { try await desk.count("select count(*) from outbox") == 0 }
    }

    @Test("messages are published in the order of their key and forgotten once they are confirmed")
    func order() async throws {
        try await Desk.withBroker { desk, broker in
            try await Self.listen(broker)
            let keys = (0..<7).map { _ in UUID() }
            try await desk.running([desk.flow.relay]) {
                for _ in 1...4 { try await say(350, keys, desk) }
                let deliveries = try await broker.configuration.take(from: "listener") { $0.count == 1400 }
                let tallies = try tallies(deliveries)
                for key in keys { #expect(tallies.filter { $0.key == key }.map(\.total) == Array(1...200)) }
                try await outboxIsEmpty(desk)
            }
            #expect(try await desk.count("select count(*) from events") == 1400)
        }
    }

    @Test("what was committed shortly before the shutdown still leaves")
    func drain() async throws {
        try await Desk.withBroker { desk, broker in
            try await Self.listen(broker)
            try await desk.running([desk.flow.relay]) {
                try await say(1, [UUID()], desk)
                try await outboxIsEmpty(desk)
                try await say(1500, [UUID(), UUID()], desk)
            }
            #expect(try await desk.count("select count(*) from outbox") == 0)
        }
    }

    @Test("after its connection is cut the relay publishes again whatever was not confirmed")
    func cut() async throws {
        try await Desk.withBroker { desk, broker in
            try await Self.listen(broker)
            let keys = [UUID(), UUID()]
            try await desk.running([desk.flow.relay]) {
                async let saying: Void = {
                    for _ in 1...20 { try await say(100, keys, desk) }
                }()
                for _ in 1...2 {
                    let connection = try await broker.eventually("the relay is connected") {
                        try await broker.connection(named: "triage/relay")
                    }
                    try? await broker.disconnect(connection)  // it may be gone already
                }
                try await saying
                let deliveries = try await broker.configuration.take(from: "listener", until: isComplete(2000))
                for key in keys { #expect(firsts(try tallies(deliveries), of: key) == Array(1...1000)) }
                try await outboxIsEmpty(desk)
            }
        }
    }

    @Test("a message over which the broker ends the channel, or that cannot be written, holds up its own key alone")
    func hopeless() async throws {
        try await Desk.withBroker { desk, broker in
            try await Self.listen(broker)
            let keys = [UUID(), UUID(), UUID(), UUID(), UUID()]
            try await say(20, keys, desk)
            // One goes where nothing is, one has a key that is too long to be written.
            try await desk.database.execute("update events set exchange = 'nowhere' where id = 7")
            try await desk.database.execute("update events set routing_key = repeat('x', 300) where id = 13")
            try await desk.running([desk.flow.relay]) {
                try await desk.eventually("all others are gone") {
                    try await desk.count(
                        "select count(*) from outbox where partition_key <> all(\([keys[1], keys[2]]))")
                        == 0
                }
                // What is said later goes on as well.
                try await say(5, [keys[0]], desk)
                let deliveries = try await broker.configuration.take(
                    from: "listener", until: isComplete(12 + 1 + 2 + 5))
                #expect(firsts(try tallies(deliveries), of: keys[0]) == Array(1...9))
                #expect(firsts(try tallies(deliveries), of: keys[1]) == [1])
                #expect(firsts(try tallies(deliveries), of: keys[2]) == [1, 2])

                try await desk.database.execute("update events set exchange = 'events' where id = 7")
                try await desk.database.execute(
                    "update events set routing_key = 'triage.tally.made.v1.s00' where id = 13")
                try await outboxIsEmpty(desk)
            }
            let rest = try await broker.configuration.take(from: "listener", until: isComplete(3 + 2))
            #expect(firsts(try tallies(rest), of: keys[1]) == [2, 3, 4])
            #expect(firsts(try tallies(rest), of: keys[2]) == [3, 4])
        }
    }

    @Test("a key that the broker refuses, by a full queue or for want of a queue, waits in order; the others go on")
    func refusedKeys() async throws {
        try await Desk.withBroker { desk, broker in
            let keys = Array(Dictionary((0..<200).map { _ in UUID() }.map { (Slot($0), $0) }) { $1 }.values.prefix(12))
            let (full, unroutable, others) = (keys[0], keys[1], Array(keys[2...]))
            let connection = try await AMQPConnection.open(broker.configuration)
            // Of the topology's queues, the feed's takes everything.
            try await connection.delete(queue: Catalog.ledger.queue())
            try await connection.declare(Queue("listener"))
            for key in others {
                try await connection.bind(
                    Binding(queue: "listener", to: "events", routingKey: Tallied.type.routingKey(Slot(key))))
            }
            try await connection.declare(Queue("full", arguments: ["x-max-length": 1, "x-overflow": "reject-publish"]))
            try await connection.bind(
                Binding(queue: "full", to: "events", routingKey: Tallied.type.routingKey(Slot(full))))

            try await desk.running([desk.flow.relay]) {
                try await say(keys.count * 5, keys, desk)
                let deliveries = try await broker.configuration.take(
                    from: "listener", until: isComplete(others.count * 5))
                for key in others { #expect(firsts(try tallies(deliveries), of: key) == Array(1...5)) }
                // What was said later goes on as well, past what is held back.
                try await say(others.count, others, desk)
                _ = try await broker.configuration.take(from: "listener", until: isComplete(others.count))
                try await desk.eventually("the refusals are counted") {
                    try await desk.count("select count(*) from outbox where attempts > 0") > 1
                }

                try await connection.bind(
                    Binding(
                        queue: "listener", to: "events", routingKey: Tallied.type.routingKey(Slot(unroutable))))
                let late = try await broker.configuration.take(from: "listener", until: isComplete(5))
                #expect(firsts(try tallies(late), of: unroutable) == Array(1...5))

                let taken = try await broker.configuration.take(from: "full", until: isComplete(5))
                #expect(Set(try tallies(taken).map(\.total)) == Set(1...5))
                try await outboxIsEmpty(desk)
            }
            await connection.close()
        }
    }

    @Test("a relay that is refused again and again asks over another connection")
    func stillRefused() async throws {
        try await Desk.withBroker { desk, broker in
            let connection = try await AMQPConnection.open(broker.configuration)
            // Of the topology's queues, the feed's takes everything.
            try await connection.delete(queue: Catalog.ledger.queue())
            try await connection.declare(Queue("full", arguments: ["x-max-length": 1, "x-overflow": "reject-publish"]))
            try await connection.bind(Binding(queue: "full", to: "events", routingKey: "triage.tally.made.#"))
            await connection.close()
            try await desk.running([desk.flow.relay]) {
                try await say(5, [UUID()], desk)
                let first = try await broker.eventually("the relay is connected") {
                    try await broker.connection(named: "triage/relay")?.name
                }
                _ = try await broker.eventually("the relay is connected anew") {
                    try await broker.connection(named: "triage/relay").flatMap { $0.name == first ? nil : $0 }
                }
                let taken = try await broker.configuration.take(from: "full", until: isComplete(5))
                #expect(Set(try tallies(taken).map(\.total)) == Set(1...5))
                try await outboxIsEmpty(desk)
            }
        }
    }

    @Test("of two relays one leads; when its session ends the other takes over and nothing is lost")
    func takeover() async throws {
        try await Desk.withBroker { desk, broker in
            try await Self.listen(broker)
            let key = UUID()
            let administrator = try await PostgresConnection.open(desk.administrator)
            func leader() async throws -> String? {
                try await administrator.query(
                    """
                    select application_name from pg_stat_activity join pg_locks using (pid)
                    where locktype = 'advisory' and granted and datname = current_database()
                    """
                ).first?.decode(String.self)
            }
            try await desk.running([desk.relay(named: "first"), desk.relay(named: "second")]) {
                try await desk.eventually("one leads") { try await leader() != nil }
                let first = try #require(try await leader())
                async let saying: Void = {
                    for _ in 1...20 { try await say(50, [key], desk) }
                }()
                try await desk.eventually("the other leads") {
                    try await administrator.execute(
                        """
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where application_name = \(first) and datname = current_database()
                        """)
                    let leader = try await leader()
                    return leader != nil && leader != first
                }
                try await saying
                let deliveries = try await broker.configuration.take(from: "listener", until: isComplete(1000))
                #expect(firsts(try tallies(deliveries), of: key) == Array(1...1000))
                try await outboxIsEmpty(desk)
            }
            await administrator.close()
        }
    }
}
