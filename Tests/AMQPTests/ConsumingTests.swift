import AMQP
import Foundation
import TestSupport
import Testing

@Suite(.privateBroker, .timeLimit(.minutes(2)))
struct ConsumingTests {
    private let broker: TestBroker

    init() throws {
        broker = try TestBroker.current
    }

    @Test("a body over the limit is drained as size and hash, and the next message still arrives")
    func oversized() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("large", arguments: ["x-queue-type": "quorum"]))
        let limit = Data((0..<256 * 1024).map { UInt8(truncatingIfNeeded: $0) })
        let large = Data(repeating: UInt8(ascii: "a"), count: 300 * 1024)
        try await connection.send(
            [limit, large, Data("next".utf8)].map { Publication(exchange: "", routingKey: "large", body: $0) })
        try await connection.startConsuming("large", prefetch: 10)
        let hash = "c1b808e1c591751506205ec5262a55b627c12a9d73a2fb150b3b388e7b7c4bd8"
        #expect(
            try await connection.collect(3).map(\.content) == [
                .body(limit), .oversized(byteCount: 300 * 1024, sha256: hash), .body(Data("next".utf8)),
            ])
        await connection.close()
    }

    @Test("a consumer learns that its queue was deleted, after it got what had arrived")
    func cancelled() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        let other = try await AMQPConnection.open(broker.configuration)
        try await other.declare(Queue("doomed", arguments: ["x-queue-type": "quorum"]))
        try await other.send([Publication(exchange: "", routingKey: "doomed", body: Data("1".utf8))])
        try await connection.startConsuming("doomed", prefetch: 10)
        #expect(try await connection.collect(1).count == 1)
        try await other.delete(queue: "doomed")
        let error = await #expect(throws: AMQPError.self) {
            try await connection.deliveries(upTo: 10, within: .seconds(20))
        }
        #expect(error?.code == .consumerCancelled)
        #expect(error?.operation == "consume doomed")
        #expect(error?.isTransient == true)

        try await other.declare(Queue("doomed", arguments: ["x-queue-type": "quorum"]))
        try await connection.startConsuming("doomed", prefetch: 10)
        try await other.send([Publication(exchange: "", routingKey: "doomed", body: Data("2".utf8))])
        #expect(try await connection.collect(1).map(\.content) == [.body(Data("2".utf8))])
        await connection.close()
        await other.close()
    }

    @Test("what was not acknowledged comes back on the next connection, in order, and is counted")
    func redelivered() async throws {
        let first = try await AMQPConnection.open(broker.configuration)
        try await first.declare(Queue("again", arguments: ["x-queue-type": "quorum", "x-delivery-limit": 50]))
        try await first.send((0..<4).map { Publication(exchange: "", routingKey: "again", body: Data("\($0)".utf8)) })
        try await first.startConsuming("again", prefetch: 10)
        #expect(try await first.collect(4).map(\.deliveryCount) == [0, 0, 0, 0])
        try await first.acknowledge(through: 2)
        await first.close()

        let second = try await AMQPConnection.open(broker.configuration)
        try await second.startConsuming("again", prefetch: 10)
        let deliveries = try await second.collect(2)
        #expect(deliveries.map(\.content) == [.body(Data("2".utf8)), .body(Data("3".utf8))])
        #expect(deliveries.allSatisfy { $0.redelivered && $0.deliveryCount == 1 })
        await second.close()
    }

    @Test("a rejected message goes back to its queue, or to where the queue sends dead letters")
    func rejected() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("dead", arguments: ["x-queue-type": "quorum"]))
        try await connection.declare(
            Queue(
                "refused",
                arguments: [
                    "x-queue-type": "quorum", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead",
                ]))
        try await connection.send([Publication(exchange: "", routingKey: "refused", body: Data("1".utf8))])
        try await connection.startConsuming("refused", prefetch: 1)
        try await connection.reject(try #require(try await connection.collect(1).first).tag, requeue: true)
        let again = try #require(try await connection.collect(1).first)
        #expect(again.redelivered && again.deliveryCount == 1)
        try await connection.reject(again.tag, requeue: false)
        try await connection.startConsuming("dead", prefetch: 1)
        let dead = try #require(try await connection.collect(1).first)
        guard case .array(let deaths) = dead.properties.headers["x-death"], case .table(let death) = deaths.first else {
            Issue.record("no x-death")
            return
        }
        #expect(death["reason"] == "rejected")
        #expect(death["queue"] == "refused")
        await connection.close()
    }

    @Test("a cancelled task stops waiting at once")
    func taskCancelled() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("quiet"))
        try await connection.startConsuming("quiet", prefetch: 1)
        let start = ContinuousClock.now
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup { group in
                group.addTask { _ = try await connection.deliveries(upTo: 1, within: .seconds(60)) }
                group.cancelAll()
                try await group.next()
            }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(try await connection.deliveries(upTo: 1, within: .milliseconds(1)).isEmpty, "the connection lives on")
        await connection.close()
    }
}
