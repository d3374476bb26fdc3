import AMQP
import Foundation
import TestSupport
import Testing

@Suite(.privateBroker, .timeLimit(.minutes(2)))
struct ConfirmTests {
    private let broker: TestBroker

    init() throws {
        broker = try TestBroker.current
    }

    @Test("a mandatory message that no queue takes is reported by its tag, its neighbours are not")
    func returned() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("taken", arguments: ["x-queue-type": "quorum"]))
        try await connection.enableConfirms()
        let keys = ["taken", "nowhere", "taken", "nowhere"]
        let tag = try await connection.send(
            keys.enumerated().map { index, key in
                Publication(
                    exchange: "", routingKey: key, body: Data("\(index)".utf8),
                    properties: MessageProperties(messageID: "\(index)"))
            } + [Publication(exchange: "", routingKey: "nowhere", body: Data(), mandatory: false)])
        let rejected = try await connection.confirmations(through: tag, within: .seconds(10))
        let noRoute = Rejection.returned(code: 312, text: "NO_ROUTE")
        #expect(rejected == [2: noRoute, 4: noRoute])
        #expect(try await connection.confirmations(through: tag, within: .seconds(10)).isEmpty, "each is told once")
        await connection.close()
    }

    @Test("a full queue that rejects is reported as a nack by tag")
    func nacked() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(
            Queue("full", arguments: ["x-max-length": 2, "x-overflow": "reject-publish"]))
        try await connection.enableConfirms()
        let message = Publication(exchange: "", routingKey: "full", body: Data("x".utf8))
        let first = try await connection.send([message, message])
        #expect(try await connection.confirmations(through: first, within: .seconds(10)).isEmpty)
        let second = try await connection.send([message, message])
        #expect(
            try await connection.confirmations(through: second, within: .seconds(10)) == [3: .nacked, 4: .nacked])
        await connection.close()
    }

    @Test("two batches may be in flight, and several tasks may send: tags stay together")
    func concurrentSenders() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("shared"))
        try await connection.enableConfirms()
        let message = Publication(exchange: "", routingKey: "shared", body: Data(repeating: 1, count: 20_000))
        let tags = try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { try await connection.send([Publication](repeating: message, count: 50)) }
            }
            return try await group.reduce(into: Set<UInt64>()) { $0.insert($1) }
        }
        #expect(tags == Set(stride(from: 50, through: 400, by: 50)))
        for tag in tags { #expect(try await connection.confirmations(through: tag, within: .seconds(10)).isEmpty) }
        await connection.close()
    }

    @Test("what cannot be encoded is refused before anything of its batch is sent")
    func notEncodable() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.declare(Queue("encoded"))
        try await connection.enableConfirms()
        let good = Publication(exchange: "", routingKey: "encoded", body: Data("x".utf8))
        let tooLong = String(repeating: "x", count: 256)
        var bad = [good, good, good, good]
        bad[0].routingKey = tooLong
        bad[1].properties.messageID = tooLong
        bad[2].properties.headers = [tooLong: 1]
        bad[3].properties.headers = ["large": .string(String(repeating: "x", count: 140_000))]
        for message in bad {
            let error = await #expect(throws: AMQPError.self) { try await connection.send([good, message]) }
            #expect(error?.code == .notEncodable)
        }
        #expect(try await connection.send([good]) == 1)
        #expect(try await connection.confirmations(through: 1, within: .seconds(10)).isEmpty)
        #expect(try await connection.inspect(queue: "encoded")?.messages == 1)
        let error = await #expect(throws: AMQPError.self) {
            try await connection.confirmations(through: 2, within: .seconds(1))
        }
        #expect(error?.code == .unknownTag)
        await connection.close()
    }
}
