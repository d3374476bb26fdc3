import AMQP
import Foundation
import TestSupport
import Testing

@Suite(.privateBroker, .timeLimit(.minutes(2)))
struct FailureTests {
    private let broker: TestBroker

    init() throws {
        broker = try TestBroker.current
    }

    @Test("no listener, wrong password and unknown virtual host are told apart")
    func opening() async throws {
        func code(_ change: (inout AMQPConfiguration) -> Void) async -> AMQPError.Code? {
            var configuration = broker.configuration
            change(&configuration)
            return await #expect(throws: AMQPError.self) { try await AMQPConnection.open(configuration) }?.code
        }
        #expect(await code { $0.brokers[0].port = 1 } == .connectionFailed)
        #expect(await code { $0.brokers[0].host = "nowhere.invalid" } == .connectionFailed)
        #expect(await code { $0.password = "wrong" } == .accessRefused)
        #expect(await code { $0.virtualHost = "nowhere" } == .notAllowed)
    }

    @Test("of several brokers any that answers will do, and an error tells of each that was tried")
    func severalBrokers() async throws {
        var configuration = broker.configuration
        let down = [1, 2].map { BrokerAddress(host: "127.0.0.1", port: $0) }
        configuration.brokers = down + configuration.brokers
        for _ in 1...5 {
            let connection = try await AMQPConnection.open(configuration)
            try await connection.declare(Queue("reached"))
            await connection.close()
        }

        configuration.password = "wrong"
        let refused = await #expect(throws: AMQPError.self) { try await AMQPConnection.open(configuration) }
        #expect(refused?.code == .accessRefused)
        configuration.brokers = down
        let unreachable = await #expect(throws: AMQPError.self) { try await AMQPConnection.open(configuration) }
        #expect(unreachable?.code == .connectionFailed)
        let text = String(reflecting: unreachable)
        #expect(text.contains("connect to 127.0.0.1:1") && text.contains("connect to 127.0.0.1:2"))
    }

    enum Mistake: CaseIterable {
        case reservedName, missingQueue, otherArguments, unknownTag
    }

    @Test(
        "a refused request has the broker's code, and the connection says why it is unusable",
        arguments: Mistake.allCases)
    func channelClosed(by mistake: Mistake) async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        let name = "closed.\(mistake)"
        try await connection.declare(Queue(name))
        try await connection.startConsuming(name, prefetch: 1)
        let error = await #expect(throws: AMQPError.self) {
            switch mistake {
            case .reservedName: try await connection.declare(Queue("amq.mine"))
            case .missingQueue: try await connection.purge(queue: "nowhere")
            case .otherArguments: try await connection.declare(Queue(name, arguments: ["x-max-length": 1]))
            case .unknownTag:
                try await connection.acknowledge(through: 77)
                _ = try await connection.deliveries(upTo: 1, within: .seconds(20))
            }
        }
        let (code, replyCode): (AMQPError.Code, Int) =
            switch mistake {
            case .reservedName: (.accessRefused, 403)
            case .missingQueue: (.notFound, 404)
            case .otherArguments, .unknownTag: (.preconditionFailed, 406)
            }
        #expect(error?.code == code)
        #expect(error?.replyCode == replyCode)
        #expect(error?.isTransient == false)

        let later = await #expect(throws: AMQPError.self) { try await connection.send([]) }
        #expect(later?.code == code)
        #expect(later?.operation == "publish")
        #expect((later?.underlying as? AMQPError)?.replyCode == replyCode)
        #expect(String(reflecting: later).contains("unusable since"))
        await connection.close()
    }

    @Test("publishing to an exchange that does not exist fails the wait for confirmations")
    func missingExchange() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        try await connection.enableConfirms()
        let tag = try await connection.send([Publication(exchange: "nowhere", routingKey: "a", body: Data())])
        let error = await #expect(throws: AMQPError.self) {
            try await connection.confirmations(through: tag, within: .seconds(20))
        }
        #expect(error?.code == .notFound)
        await connection.close()
    }

    @Test("a connection that the broker closes is lost at once, for whoever waits and for whoever comes later")
    func forcedClose() async throws {
        var configuration = broker.configuration
        configuration.connectionName = "to be closed"
        let connection = try await AMQPConnection.open(configuration)
        try await connection.declare(Queue("closed"))
        try await connection.startConsuming("closed", prefetch: 1)
        let listed = try await broker.eventually("the connection is listed") {
            try await broker.connection(named: "to be closed")
        }
        let waiting = Task { try await connection.deliveries(upTo: 1, within: .seconds(60)) }
        try await broker.disconnect(listed)
        let error = await #expect(throws: AMQPError.self) { _ = try await waiting.value }
        #expect(error?.code == .connectionLost)
        #expect(error?.replyCode == 320)
        #expect(error?.isTransient == true)
        let later = await #expect(throws: AMQPError.self) { try await connection.acknowledge(through: 1) }
        #expect(later?.code == .connectionLost)
        await connection.close()
    }

    @Test("a closed connection says so")
    func closed() async throws {
        let connection = try await AMQPConnection.open(broker.configuration)
        await connection.close()
        await connection.close()
        let error = await #expect(throws: AMQPError.self) { try await connection.declare(Queue("late")) }
        #expect(error?.code == .closed)
        #expect(error?.operation == "declare queue late")
    }
}
