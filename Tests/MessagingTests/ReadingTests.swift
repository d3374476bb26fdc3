import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import Testing
import TestSupport

@Suite("What a queue brings")
struct ReadingTests {
    /// One that cannot be handled, and the reason it is parked with.
    struct Bad: CustomTestStringConvertible, Sendable {
        let code: String
        let testDescription: String
        let make: @Sendable (_ key: UUID, _ good: Publication) -> Publication

        init(_ code: String, _ what: String, _ make: @escaping @Sendable (UUID, Publication) -> Publication) {
            (self.code, testDescription, self.make) = (code, what, make)
        }

        /// A good message with one header changed; nil removes it.
        static func header(_ name: String, _ value: HeaderValue?) -> @Sendable (UUID, Publication) -> Publication {
            { _, good in
                var bad = good
                bad.properties.headers[name] = value
                return bad
            }
        }
    }

    static let bad = [
        Bad("undecodable", "not JSON") { _, good in
            var bad = good
            bad.body = Data("{ nonsense".utf8)
            return bad
        },
        Bad("undecodable", "a field is missing") { _, good in
            var bad = good
            bad.body = Data("{}".utf8)
            return bad
        },
        Bad("unknown-type", "a type nobody here handles", Bad.header("ce-type", "triage.tally.forgotten.v9")),
        Bad("unknown-type", "a type that is no event's", Bad.header("ce-type", "timer.count")),
        Bad("unknown-type", "a type with a NUL", Bad.header("ce-type", "triage.tally\0.counted.v1")),
        Bad("no-type", "no type", Bad.header("ce-type", nil)),
        Bad("no-id", "an id that is no UUID", Bad.header("ce-id", "17")),
        Bad("no-id", "an id without a time", Bad.header("ce-id", .string(UUID().uuidString))),
        Bad("clock", "from the future", Bad.header("ce-id", .string(UUID.v7(at: .now + 2 * 3600).uuidString))),
        Bad("clock", "from a far future", Bad.header("ce-id", .string(UUID.v7(at: .now + 1e9).uuidString))),
        Bad("too-old", "older than the inbox", Bad.header("ce-id", .string(UUID.v7(at: .now - 15 * 86400).uuidString))),
        Bad("too-large", "over 256 KiB") { _, good in
            var bad = good
            bad.body = Data(repeating: 32, count: 300_000)
            return bad
        },
    ]

    @Test("a message that cannot be handled is parked with its reason, and its neighbours are handled", arguments: bad)
    func parked(bad: Bad) async throws {
        try await Desk.withBroker { desk, broker in
            let key = UUID()
            let good = try (0..<3).map { _ in try Samples.publication(Counted(key: key)) }
            try await broker.configuration.publish([good[0], bad.make(key, good[1]), good[2]])
            try await desk.running([desk.consumer()]) {
                try await desk.eventually("all settled") {
                    let parked = try await desk.count("select count(*) from parked")
                    return try await desk.steps().count == 2 && parked == 1
                }
            }
            let row = try await desk.database.query("select code, body is null, byte_count from parked").first
            let (code, hasNoBody, size) = try #require(row).decode(String.self, Bool.self, Int.self)
            #expect(code == bad.code)
            #expect(hasNoBody == (bad.code == "too-large"))
            if hasNoBody { #expect(size == 300_000) }
        }
    }

    @Test("a message from the future that is replayed by a person does not come in again when its time is there")
    func future() async throws {
        try await Desk.withBroker { desk, broker in
            let (key, id) = (UUID(), UUID.v7(at: .now + 2 * 3600))
            let event = Counted(key: key)
            try await broker.configuration.publish([try Samples.publication(event, id: id)])
            try await desk.running([desk.consumer(), desk.flow.retries(desk.processor())]) {
                try await desk.eventually("parked") { try await desk.parkedCode(id) == "clock" }
                #expect(try await ParkedStore(.triage, desk.database).replay(id))
                try await desk.eventually("handled") { try await desk.outcome(id) == "handled" }
            }
            try await desk.processor().process([try Samples.envelope(event, id: id)], from: .inbox)
            #expect(try await desk.steps() == [id: 1])
        }
    }

    @Test("what the broker gave up on is parked with its reason, and a person can have it handled")
    func deadLetters() async throws {
        try await Desk.withBroker { desk, broker in
            let (key, id, known) = (UUID(), UUID.v7(), UUID.v7())
            let event = Counted(key: key)
            // One of the two was handled before the broker lost patience.
            try await desk.processor().process([try Samples.envelope(event, id: known)], from: .inbox)
            try await broker.configuration.publish([
                try Samples.publication(event, id: known), try Samples.publication(event, id: id),
            ])
            let connection = try await AMQPConnection.open(broker.configuration)
            try await connection.startConsuming(Desk.queue, prefetch: 10)
            var rejected = 0
            while rejected < 2 {
                for delivery in try await connection.deliveries(upTo: 10, within: .seconds(20)) {
                    try await connection.reject(delivery.tag, requeue: false)
                    rejected += 1
                }
            }
            await connection.close()
            try await desk.running([desk.flow.deadLetters, desk.flow.retries(desk.processor())]) {
                try await desk.eventually("parked") { try await desk.parkedCode(id) == "dead-lettered" }
                let store = ParkedStore(.triage, desk.database)
                let message = try #require(try await store.message(id))
                #expect(message.type == Counted.type.description)
                #expect(message.detail.contains("\(Desk.queue)") && message.detail.contains("rejected"))
                #expect(message.detail.contains(Counted.type.routingKey(Slot(key))))
                #expect(try await store.replay(id))
                try await desk.eventually("handled") { try await desk.steps() == [id: 1, known: 1] }
            }
            #expect(try await desk.count("select count(*) from parked") == 1)
            let left = try await AMQPConnection.open(broker.configuration)
            #expect(try await left.inspect(queue: Topology.deadLetterQueue(.triage))?.messages == 0)
            await left.close()
        }
    }

    @Test("a stranger's dead letter is parked under its original routing key")
    func strangersDeadLetter() async throws {
        try await Desk.withBroker { desk, broker in
            let connection = try await AMQPConnection.open(broker.configuration)
            try await connection.declare(
                Queue(
                    "strangers",
                    arguments: [
                        "x-queue-type": "quorum", "x-dead-letter-exchange": "dlx",
                        "x-dead-letter-routing-key": "triage", "x-max-length": 1,
                    ]))
            try await connection.bind(Binding(queue: "strangers", to: "cad", routingKey: "cad.#"))
            await connection.close()
            try await broker.configuration.publish(
                ["one", "two"].map {
                    Publication(
                        exchange: "cad", routingKey: "cad.banning-pd.call.v1", body: Data($0.utf8),
                        properties: MessageProperties(headers: ["ce-id": .string(UUID.v7().uuidString)]),
                        mandatory: false)
                })
            try await desk.running([desk.flow.deadLetters]) {
                try await desk.eventually("parked") { try await desk.count("select count(*) from parked") == 1 }
            }
            let row = try await desk.database.query("select type, detail, convert_from(body, 'UTF8') from parked").first
            let (type, detail, body) = try #require(row).decode(String.self, String.self, String.self)
            #expect(type == "cad.banning-pd.call.v1")
            #expect(detail.contains("maxlen"))
            #expect(body == "one")
        }
    }
}
