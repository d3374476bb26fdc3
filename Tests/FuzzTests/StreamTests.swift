import AMQP
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Noise on the line", .privateBroker, .privateDatabase, .serialized)
struct StreamTests {
    @Test("from the broker ends in an error or in what was sent, in time", .timeLimit(.minutes(60)))
    func broker() async throws {
        let broker = try TestBroker.current.configuration
        let messages = try Self.messages()
        let feeder = try await AMQPConnection.open(broker)
        try await feeder.enableConfirms()
        for line in 0..<NoisyLine.lines {
            try await feeder.declare(Queue("line-\(line)"))
            let tag = try await feeder.send(
                messages.map { (body, headers) in
                    Publication(
                        exchange: "", routingKey: "line-\(line)", body: body,
                        properties: MessageProperties(messageID: "m", contentType: "a/b", headers: headers))
                })
            #expect(try await feeder.confirmations(through: tag, within: .seconds(10)).isEmpty)
        }
        await feeder.close()

        let line = NoisyLine(name: "AMQP", host: broker.brokers[0].host, port: broker.brokers[0].port, longest: 4000)
        try await line.run { end in
            var configuration = broker
            configuration.brokers[0].port = end.port
            if end.isNoisy {
                (configuration.connectTimeout, configuration.answerTimeout) = (.milliseconds(500), .milliseconds(500))
            }
            do {
                let connection = try await AMQPConnection.open(configuration)
                do {
                    try await connection.startConsuming("line-\(end.number)", prefetch: 100)
                    var found: [Delivery] = []
                    let patience = ContinuousClock.now + .seconds(5)
                    while found.count < messages.count {
                        let more = try await connection.deliveries(upTo: 100, within: .milliseconds(100))
                        if more.isEmpty && !(end.isClear() && ContinuousClock.now < patience) { break }
                        found += more
                    }
                    let sent = end.isNoisy ? messages.prefix(found.count) : messages[...]
                    guard
                        !end.isClear()
                            || found.map(\.content) == sent.map({ .body($0.0) })
                                && found.map(\.properties.headers) == sent.map(\.1)
                    else { throw Broken("not what was sent: \(found.count) messages") }
                } catch {
                    end.hangUp()
                    await connection.close()
                    throw error
                }
                end.hangUp()
                await connection.close()
            } catch let error as AMQPError {
                if !end.isNoisy { throw Broken("\(String(reflecting: error)) on a clear line") }
            }
        }
    }

    @Test("from the database ends in an error or in a result, in time", .timeLimit(.minutes(60)))
    func database() async throws {
        let database = try TestDatabase.current.configuration
        let setup = try await PostgresConnection.open(database)
        try await setup.execute("create table noisy (n int8 primary key, text text, numbers int8[], at timestamptz)")
        try await setup.execute(
            """
            insert into noisy select n, repeat('señor ', n::int), array[n, -n, null], to_timestamp(n)
            from generate_series(1, 40) as n
            """)
        await setup.close()

        let line = NoisyLine(name: "Postgres", host: database.host, port: database.port, longest: 8000)
        try await line.run { end in
            var configuration = database
            (configuration.port, configuration.tls) = (end.port, .disable)
            if end.isNoisy {
                (configuration.connectTimeout, configuration.statementTimeout) = (
                    .milliseconds(500), .milliseconds(500)
                )
                configuration.answerGrace = .milliseconds(200)
            }
            do {
                let connection = try await PostgresConnection.open(configuration)
                do {
                    for _ in 1...2 {
                        let rows = try await connection.query("select n, text, numbers, at from noisy order by n")
                        let values = try rows.map { try $0.decode(Int.self, String.self, [Int?].self, Date.self) }
                        if end.isClear() {
                            guard values.map(\.0) == Array(1...40),
                                values.last?.1 == String(repeating: "señor ", count: 40),
                                values.last?.2 == [40, -40, nil]
                            else { throw Broken("not what is there") }
                        }
                    }
                    try await connection.transaction { transaction in
                        transaction.enqueue("update noisy set at = at where n = 1000")
                        _ = try await transaction.query("select 1")
                    }
                } catch {
                    end.hangUp()
                    await connection.close()
                    throw error
                }
                end.hangUp()
                await connection.close()
            } catch let error as PostgresError {
                if !end.isNoisy { throw Broken("\(error.debugDescription) on a clear line") }
            }
        }
    }

    /// Bodies of no, one and many frames, and headers of every kind.
    private static func messages() throws -> [(Data, [String: HeaderValue])] {
        let headers: [String: HeaderValue] = [
            "string": "señor", "int": 7, "bool": true, "double": .double(0.5), "null": .null,
            "timestamp": .timestamp(Date(timeIntervalSince1970: 1_793_800_000)), "bytes": .bytes(Data([0, 255])),
            "array": .array([1, "two", .array([true])]), "table": .table(["inner": .table(["deep": 1])]),
        ]
        let golden = try Corpus.golden(startingWith: "triage.").map { (Data($0), headers) }
        return [(Data(), [:])] + golden + [(Data(repeating: 0xCE, count: 200_000), ["x": 1])]
    }
}
