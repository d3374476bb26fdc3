import AMQP
import Foundation
import TestSupport
import Testing

@Suite(.privateBroker, .timeLimit(.minutes(2)))
struct RoundTripTests {
    private let broker: TestBroker

    init() throws {
        broker = try TestBroker.current
    }

    @Test("a message arrives as it was sent, with every kind of header", arguments: ["classic", "quorum"])
    func roundTrip(kind: String) async throws {
        let queue = "round.trip.\(kind)"
        let connection = try await AMQPConnection.open(broker.configuration)
        try await Topology(
            exchanges: [Exchange("calls.\(kind)", kind: .topic)],
            queues: [Queue(queue, arguments: ["x-queue-type": .string(kind)])],
            bindings: [Binding(queue: queue, to: "calls.\(kind)", routingKey: "call.*")]
        ).declare(on: connection)
        let properties = MessageProperties(
            messageID: "0001", contentType: "application/json", correlationID: "c-1", type: "call.received",
            appID: "test",
            timestamp: Date(timeIntervalSince1970: 1_800_000_000),
            headers: [
                "string": "Grüße", "int": .int(.min), "bool": true, "double": .double(2.5),
                "timestamp": .timestamp(Date(timeIntervalSince1970: 1)), "bytes": .bytes(Data([0, 255])), "null": .null,
                "array": .array(["a", 1, .array([]), .table(["deep": false])]), "table": .table(["empty": .table([:])]),
            ])
        let bodies = [Data("{}".utf8), Data(), Data(repeating: 7, count: 200_000)]

        try await connection.enableConfirms()
        let last = try await connection.send(
            bodies.map {
                Publication(exchange: "calls.\(kind)", routingKey: "call.received", body: $0, properties: properties)
            })
        #expect(last == 3)
        #expect(try await connection.confirmations(through: last, within: .seconds(10)).isEmpty)

        try await connection.startConsuming(queue, prefetch: 10)
        let deliveries = try await connection.collect(3)
        #expect(deliveries.map(\.content) == bodies.map(Delivery.Content.body))
        #expect(deliveries.allSatisfy { $0.properties == properties })
        #expect(deliveries.allSatisfy { $0.exchange == "calls.\(kind)" && $0.routingKey == "call.received" })
        #expect(deliveries.map(\.tag) == [1, 2, 3])
        #expect(deliveries.allSatisfy { !$0.redelivered && $0.deliveryCount == 0 })

        try await connection.acknowledge(through: 3)
        #expect(try await connection.deliveries(upTo: 1, within: .zero).isEmpty)
        await connection.close()
        let again = try await AMQPConnection.open(broker.configuration)
        #expect(try await again.inspect(queue: queue)?.messages == 0)
        await again.close()
    }

    @Test("headers nested beyond all reason are cut, and the message still arrives")
    func nesting() async throws {
        func nested(_ levels: Int, around inner: HeaderValue) -> HeaderValue {
            (0..<levels).reduce(inner) { value, _ in .array([value]) }
        }
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("nested"))
        try await connection.send(
            [32, 33, 300].map {
                let properties = MessageProperties(headers: ["h": nested($0, around: 1)])
                return Publication(exchange: "", routingKey: "nested", body: Data(), properties: properties)
            })
        try await connection.startConsuming("nested", prefetch: 10)
        let headers = try await connection.collect(3).map { $0.properties.headers["h"] }
        #expect(headers == [nested(32, around: 1), nested(32, around: .null), nested(32, around: .null)])
        await connection.close()
    }

    @Test("ten thousand messages are confirmed and arrive once each, in order, in batches that grow by themselves")
    func manyMessages() async throws {
        let total = 10_000
        let sender = try await AMQPConnection.open(broker.configuration)
        let receiver = try await AMQPConnection.open(broker.configuration)
        try await sender.declare(Queue("many", arguments: ["x-queue-type": "quorum"]))
        try await sender.enableConfirms()
        try await receiver.startConsuming("many", prefetch: 512)

        async let sending: Void = {
            for start in stride(from: 0, to: total, by: 500) {
                let tag = try await sender.send(
                    (start..<start + 500).map {
                        Publication(
                            exchange: "", routingKey: "many", body: Data("\($0)".utf8),
                            properties: MessageProperties(messageID: "\($0)", headers: ["n": .int($0)]))
                    })
                #expect(tag == UInt64(start + 500))
                #expect(try await sender.confirmations(through: tag, within: .seconds(20)).isEmpty)
            }
        }()
        var numbers: [Int] = []
        var batches = 0
        while numbers.count < total {
            let batch = try await receiver.deliveries(upTo: 256, within: .seconds(20))
            let last = try #require(batch.last, "only \(numbers.count) arrived")
            numbers += batch.compactMap { $0.properties.headers["n"]?.int }
            batches += 1
            try await receiver.acknowledge(through: last.tag)
        }
        try await sending
        #expect(numbers == Array(0..<total))
        #expect(batches < total / 4)
        await sender.close()
        await receiver.close()
    }

    @Test("a queue is inspected without harm to the connection, whether it exists or not")
    func inspection() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("inspected"))
        try await connection.startConsuming("inspected", prefetch: 1)
        #expect(try await connection.inspect(queue: "nowhere") == nil)
        #expect(try await connection.inspect(queue: "nowhere") == nil)
        try await connection.send([Publication(exchange: "", routingKey: "inspected", body: Data("1".utf8))])
        #expect(try await connection.deliveries(upTo: 1, within: .seconds(10)).count == 1)
        let state = try #require(try await connection.inspect(queue: "inspected"))
        #expect(state.messages == 0 && state.consumers == 1)
        await connection.close()
    }

    @Test("an unbound queue gets nothing, a purged one is empty, a deleted one is gone")
    func undoing() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        let binding = Binding(queue: "undone", to: "amq.topic", routingKey: "a.#")
        try await connection.declare(Queue("undone"))
        try await connection.bind(binding)
        try await connection.enableConfirms()
        let message = Publication(exchange: "amq.topic", routingKey: "a.b", body: Data("1".utf8), mandatory: false)
        _ = try await connection.confirmations(through: try await connection.send([message]), within: .seconds(10))
        #expect(try await connection.purge(queue: "undone") == 1)
        try await connection.unbind(binding)
        _ = try await connection.confirmations(through: try await connection.send([message]), within: .seconds(10))
        #expect(try await connection.inspect(queue: "undone")?.messages == 0)
        try await connection.delete(queue: "undone")
        #expect(try await connection.inspect(queue: "undone") == nil)
        await connection.close()
    }
}

extension AMQPConnection {
    /// Waits for so many deliveries.
    func collect(_ count: Int, within time: Duration = .seconds(20)) async throws -> [Delivery] {
        var collected: [Delivery] = []
        while collected.count < count {
            let batch = try await deliveries(upTo: count - collected.count, within: time)
            try #require(!batch.isEmpty, "only \(collected.count) of \(count) arrived")
            collected += batch
        }
        return collected
    }
}
