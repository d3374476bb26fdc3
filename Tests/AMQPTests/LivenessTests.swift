import AMQP
import Foundation
import TestSupport
import Testing

@Suite(.privateBroker, .timeLimit(.minutes(2)))
struct LivenessTests {
    private let broker: TestBroker

    init() throws {
        broker = try TestBroker.current
    }

    @Test("a connection that nobody uses outlives many heartbeats")
    func heartbeats() async throws {
        var configuration = broker.configuration
        configuration.connectionName = "idle"
        configuration.heartbeat = .seconds(1)
        let connection = try await AMQPConnection.open(configuration)
        let start = ContinuousClock.now
        let first = try await broker.eventually("the connection has figures") {
            try await broker.connection(named: "idle")?.recv_oct
        }
        _ = try await broker.eventually("the broker has heard six heartbeats of eight bytes") {
            let bytes = try await broker.connection(named: "idle")?.recv_oct ?? 0
            return bytes >= first + 6 * 8 ? bytes : nil
        }
        #expect(ContinuousClock.now - start > .seconds(2))
        try await connection.declare(Queue("after.idling"))
        await connection.close()
    }

    @Test("a broker that falls silent is noticed within a few heartbeats")
    func silence() async throws {
        let peer = try TestProxy(to: broker.configuration)
        defer { peer.stop() }
        var configuration = peer.configuration
        configuration.heartbeat = .seconds(1)
        let connection = try await AMQPConnection.open(configuration)
        try await connection.declare(Queue("silent"))
        try await connection.startConsuming("silent", prefetch: 1)
        peer.stall()
        let error = await #expect(throws: AMQPError.self) {
            try await connection.deliveries(upTo: 1, within: .seconds(60))
        }
        #expect(error?.code == .connectionLost)
        await connection.close()
    }

    @Test("a broker that stops reading ends the sending after its deadline, and is heard until then")
    func stoppedReading() async throws {
        let peer = try TestProxy(to: broker.configuration)
        defer { peer.stop() }
        var configuration = peer.configuration
        configuration.sendTimeout = .seconds(3)
        let connection = try await AMQPConnection.open(configuration)
        peer.stall()
        let batch = [Publication](
            repeating: Publication(exchange: "", routingKey: "nowhere", body: Data(count: 250_000), mandatory: false),
            count: 200)
        let sending = Task { try await connection.send(batch) }
        peer.tellClient([1, 0, 0, 0, 0, 0, 8, 0, 10, 0, 60, 3] + Array("low".utf8) + [0xCE])  // connection.blocked
        _ = try await broker.eventually("the connection is blocked", within: .seconds(2)) {
            await connection.isBlocked ? true : nil
        }
        let error = await #expect(throws: AMQPError.self) { _ = try await sending.value }
        #expect(error?.code == .connectionLost)
        await connection.close()
    }

    @Test("while the broker is blocked nothing is sent, and afterwards it is")
    func blocked() async throws {
        let peer = try TestProxy(to: broker.configuration)
        defer { peer.stop() }
        let connection = try await AMQPConnection.open(peer.configuration)
        try await connection.enableConfirms()
        let message = Publication(exchange: "", routingKey: "nowhere", body: Data(), mandatory: false)
        peer.tellClient([1, 0, 0, 0, 0, 0, 5, 0, 10, 0, 60, 0, 0xCE])
        _ = try await broker.eventually("blocked") { await connection.isBlocked ? true : nil }
        let error = await #expect(throws: AMQPError.self) { try await connection.send([message]) }
        #expect(error?.code == .blocked)
        peer.tellClient([1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 61, 0xCE])
        _ = try await broker.eventually("unblocked") { await connection.isBlocked ? nil : true }
        let tag = try await connection.send([message])
        #expect(try await connection.confirmations(through: tag, within: .seconds(10)).isEmpty)
        await connection.close()
    }

    enum Nonsense: CaseIterable {
        case noise, unknownMethod, bodyWithoutHeader, hugeFrame, answerToNothing, confirmOfNothing, emptyMethod

        var bytes: [UInt8] {
            switch self {
            case .noise: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            case .unknownMethod: [1, 0, 1, 0, 0, 0, 4, 0, 99, 0, 99, 0xCE]
            case .bodyWithoutHeader: [3, 0, 1, 0, 0, 0, 1, 0, 0xCE]
            case .hugeFrame: [3, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF]
            case .answerToNothing: [1, 0, 1, 0, 0, 0, 4, 0, 50, 0, 21, 0xCE]
            case .confirmOfNothing:
                [1, 0, 1, 0, 0, 0, 13, 0, 60, 0, 80] + [UInt8](repeating: 255, count: 8) + [1, 0xCE]
            case .emptyMethod: [1, 0, 1, 0, 0, 0, 4, 0, 60, 0, 60, 0xCE]
            }
        }
    }

    @Test("whatever is not the protocol ends the connection, not the process", arguments: Nonsense.allCases)
    func nonsense(_ nonsense: Nonsense) async throws {
        let peer = try TestProxy(to: broker.configuration)
        defer { peer.stop() }
        let connection = try await AMQPConnection.open(peer.configuration)
        try await connection.enableConfirms()
        peer.tellClient(nonsense.bytes)
        let error = await #expect(throws: AMQPError.self) {
            try await connection.deliveries(upTo: 1, within: .seconds(20))
        }
        #expect(error?.code == .protocolViolation)
        await connection.close()
    }
}
