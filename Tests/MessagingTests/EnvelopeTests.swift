import AMQP
import Contracts
import Foundation
import Messaging
import Testing
import TestSupport

/// CloudEvents 1.0.2 in binary mode: attributes are headers with `ce-` before their names, the body is the data alone.
@Suite("The envelope on the wire")
struct EnvelopeTests {
    private func published(_ body: (Delivery, Envelope, Tallied) async throws -> Void) async throws {
        try await Desk.withBroker { desk, broker in
            let connection = try await AMQPConnection.open(broker.configuration)
            try await connection.declare(Queue("listener"))
            try await connection.bind(Binding(queue: "listener", to: "events", routingKey: "triage.tally.made.#"))
            await connection.close()
            let cause = try Samples.envelope(Counted(key: UUID()))
            try await desk.running([desk.flow.relay]) {
                try await desk.processor().process([cause], from: .inbox)
                let delivery = try #require(
                    try await broker.configuration.take(from: "listener") { !$0.isEmpty }.first)
                try await body(delivery, cause, Tallied(key: try #require(cause.partitionKey), total: 1))
            }
        }
    }

    @Test("an event leaves with exactly the attributes that are promised")
    func attributes() async throws {
        try await published { delivery, cause, event in
            let key = event.key.uuidString.lowercased()
            var headers = delivery.properties.headers.compactMapValues(\.string)
            let id = try #require(headers.removeValue(forKey: "ce-id").flatMap(UUID.init(uuidString:)))
            #expect(id.v7Time != nil)
            #expect(delivery.properties.messageID == id.uuidString.lowercased())
            #expect(headers.removeValue(forKey: "ce-time").flatMap(ContractJSON.date) == Desk.Clock().now)
            #expect(headers.removeValue(forKey: "ce-sequence").flatMap(Int.init) != nil)
            let trace = try #require(TraceContext(traceparent: headers.removeValue(forKey: "traceparent")))
            #expect(trace.traceID == cause.trace.traceID && trace.spanID != cause.trace.spanID)
            #expect(
                headers == [
                    "ce-specversion": "1.0", "ce-source": "/copps/triage", "ce-type": "triage.tally.made.v1",
                    "ce-partitionkey": key, "ce-correlationid": key,
                    "ce-causationid": cause.id.uuidString.lowercased(), "ce-dataclassification": "operational",
                ])
            #expect(delivery.properties.contentType == "application/json")
            #expect(delivery.exchange == "events" && delivery.routingKey == Tallied.type.routingKey(Slot(event.key)))
            #expect(delivery.content == .body(try ContractJSON.encode(event)))

            let envelope = try Envelope(delivery, now: Date())
            #expect(envelope.id == id && envelope.partitionKey == event.key && envelope.causation == cause.id)
        }
    }

    @Test("the CloudEvents SDK for Python reads it as it is", .enabled(if: CloudEventsSDK.isInstalled))
    func foreignReader() async throws {
        try await published { delivery, _, event in
            guard case .body(let data) = delivery.content else { return }
            var headers = delivery.properties.headers.compactMapValues(\.string)
            headers["content-type"] = delivery.properties.contentType
            let read = try CloudEventsSDK.read(headers, String(decoding: data, as: UTF8.self))
            #expect(read["type"] == "triage.tally.made.v1")
            #expect(read["source"] == "/copps/triage")
            #expect(read["specversion"] == "1.0")
            #expect(read["partitionkey"] == event.key.uuidString.lowercased())
            #expect(read["data.total"] == "1")
        }
    }
}

/// Another implementation of the standard, if this machine has it.
private enum CloudEventsSDK {
    static var isInstalled: Bool { (try? run("import cloudevents.http", "")) != nil }

    static func read(_ headers: [String: String], _ body: String) throws -> [String: String] {
        let script = """
            import json, sys
            from cloudevents.http import from_http
            message = json.load(sys.stdin)
            event = from_http(message["headers"], message["body"])
            read = {name: str(value) for name, value in event.get_attributes().items()}
            read |= {"data." + name: str(value) for name, value in event.data.items()}
            print(json.dumps(read))
            """
        let message = try JSONEncoder().encode(Message(headers: headers, body: body))
        let output = try run(script, String(decoding: message, as: UTF8.self))
        return try JSONDecoder().decode([String: String].self, from: output)
    }

    private struct Message: Encodable {
        let headers: [String: String]
        let body: String
    }

    private static func run(_ script: String, _ input: String) throws -> Data {
        let (process, stdin, stdout) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        (process.standardInput, process.standardOutput) = (stdin, stdout)
        process.standardError = FileHandle.nullDevice
        try process.run()
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Desk.NotYet(description: "python3 failed") }
        return output
    }
}
