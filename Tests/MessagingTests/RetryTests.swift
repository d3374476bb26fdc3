import Contracts
import Foundation
import Messaging
import Postgres
import Testing

@Suite("Messages that wait for another try")
struct RetryTests {
    @Test("a message that waiting can help is tried again with longer delays and parked after the last")
    func delays() async throws {
        try await Desk.with { desk in
            let envelope = try Samples.envelope(Counted(key: UUID(), wish: .wait))
            let processor = desk.processor()
            try await processor.process([envelope], from: .inbox)
            #expect(try await desk.outcome(envelope.id) == "retrying")
            var delays = [try await delay(desk)]
            try await desk.running([desk.flow.retries(processor)]) {
                for attempt in 2...5 {
                    try await desk.hurryRetries()
                    try await desk.eventually("try \(attempt)") {
                        try await desk.count("select attempts from retries") == attempt
                    }
                    delays.append(try await delay(desk))
                }
                try await desk.hurryRetries()
                try await desk.eventually("parked") { try await desk.parkedCode(envelope.id) == "too-early" }
            }
            #expect(delays == [1, 10, 60, 600, 3600])
            #expect(try await desk.outcome(envelope.id) == "parked")
            #expect(try await desk.count("select count(*) from retries") == 0)
        }
    }

    /// Seconds until the next try, as it was set.
    private func delay(_ desk: Desk) async throws -> Int {
        try await desk.count("select ceil(extract(epoch from next_at - clock_timestamp()))::bigint from retries")
    }

    @Test("a refused retry is put off again in the transaction that took it out")
    func putOffAgain() async throws {
        try await Desk.with { desk in
            let envelope = try Samples.envelope(Counted(key: UUID(), wish: .wait))
            try await desk.processor().process([envelope], from: .inbox)
            try await desk.processor().process([envelope], from: .retries(attempts: [envelope.id: 1]))
            #expect(try await desk.count("select attempts from retries") == 2)
            // Who read the row before that has come too late.
            try await desk.processor().process([envelope], from: .retries(attempts: [envelope.id: 1]))
            #expect(try await desk.count("select attempts from retries") == 2)
        }
    }

    @Test("two workers that find the same retries handle each once")
    func twoWorkers() async throws {
        try await Desk.with { desk in
            let envelopes = try (0..<30).map { _ in try Samples.envelope(Counted(key: UUID(), wish: .wait)) }
            try await desk.processor().process(envelopes, from: .inbox)
            try await changeWish(desk, to: .count)
            try await desk.hurryRetries()
            try await desk.running([desk.flow.retries(desk.processor()), desk.flow.retries(desk.processor())]) {
                try await desk.eventually("all handled") {
                    try await desk.count("select count(*) from retries") == 0
                }
            }
            #expect(try await desk.steps() == Dictionary(uniqueKeysWithValues: envelopes.map { ($0.id, 1) }))
            for envelope in envelopes { #expect(try await desk.outcome(envelope.id) == "handled") }
        }
    }

    /// What the messages waited for has come about.
    private func changeWish(_ desk: Desk, to wish: Counted.Wish) async throws {
        for table in ["retries", "parked"] {
            let changed = "\"wish\":\"\(wish.rawValue)\""
            try await desk.database.execute(
                """
                update \(unescaped: table) set body = convert_to(
                    regexp_replace(convert_from(body, 'UTF8'), '"wish":"[a-zA-Z]+"', \(changed)), 'UTF8')
                """)
        }
    }

    @Test("a parked message that is replayed is handled once, under its own id")
    func replay() async throws {
        try await Desk.with { desk in
            let key = UUID()
            let envelope = try Samples.envelope(Counted(key: key, wish: .refuse))
            let processor = desk.processor()
            try await processor.process([envelope], from: .inbox)
            let store = ParkedStore(.triage, desk.database)
            #expect(try await store.groups().map(\.count) == [1])
            try await changeWish(desk, to: .count)
            #expect(try await store.replay(envelope.id))
            #expect(try await !store.replay(envelope.id))
            try await desk.running([desk.flow.retries(processor)]) {
                try await desk.eventually("handled") { try await desk.outcome(envelope.id) == "handled" }
            }
            try await processor.process([envelope], from: .inbox)
            #expect(try await desk.steps() == [envelope.id: 1])
            #expect(try await store.groups().isEmpty)
        }
    }

    @Test("a replayed message that is refused again is parked again, and counted")
    func parkedAgain() async throws {
        try await Desk.with { desk in
            let envelope = try Samples.envelope(Counted(key: UUID(), wish: .refuse))
            let processor = desk.processor()
            try await processor.process([envelope], from: .inbox)
            let store = ParkedStore(.triage, desk.database)
            #expect(try await store.replay(envelope.id))
            try await desk.running([desk.flow.retries(processor)]) {
                try await desk.eventually("parked again") { try await desk.parkedCode(envelope.id) == "unwanted" }
            }
            let message = try #require(try await store.message(envelope.id, shownTo: "olive"))
            #expect(message.times == 2)
            #expect(message.body == String(decoding: envelope.data, as: UTF8.self))
        }
    }

    @Test("every reason why a message was not handled is kept, in order")
    func chain() async throws {
        try await Desk.with { desk in
            let envelope = try Samples.envelope(Counted(key: UUID(), wish: .wait))
            try await desk.processor().process([envelope], from: .inbox)
            for attempt in 1...5 {
                if attempt == 5 { try await changeWish(desk, to: .refuse) }
                let body = try #require(
                    try await desk.database.query("select body from retries").first?.decode(Data.self))
                let again = Envelope(
                    id: envelope.id, type: envelope.type, data: body, partitionKey: envelope.partitionKey)
                try await desk.processor().process([again], from: .retries(attempts: [envelope.id: attempt]))
            }
            let store = ParkedStore(.triage, desk.database)
            let message = try #require(try await store.message(envelope.id))
            #expect(message.failures.map(\.code) == Array(repeating: "too-early", count: 5) + ["unwanted"])
            #expect(message.failures.map(\.at) == message.failures.map(\.at).sorted())
            #expect(message.code == "unwanted" && message.body == nil)
        }
    }

    @Test("all messages of a cause are replayed together, and those of other causes stay")
    func group() async throws {
        try await Desk.with { desk in
            let refused = try (0..<3).map { _ in try Samples.envelope(Counted(key: UUID(), wish: .refuse)) }
            let unreadable = Envelope(id: .v7(), type: Counted.type.description, data: Data("{".utf8))
            let processor = desk.processor()
            try await processor.process(refused + [unreadable], from: .inbox)
            let store = ParkedStore(.triage, desk.database)
            #expect(try await store.replay(code: "unwanted", type: "another.type.altogether.v1") == 0)
            try await changeWish(desk, to: .count)
            #expect(try await store.replay(code: "unwanted") == 3)
            try await desk.running([desk.flow.retries(processor)]) {
                try await desk.eventually("handled") { try await desk.steps().count == 3 }
            }
            #expect(try await store.groups().map(\.count) == [1])
        }
    }

    @Test("whoever has a message's content shown is remembered, and nobody else")
    func readers() async throws {
        try await Desk.with { desk in
            let envelope = try Samples.envelope(Counted(key: UUID(), wish: .refuse))
            try await desk.processor().process([envelope], from: .inbox)
            let store = ParkedStore(.triage, desk.database)
            #expect(try await store.message(envelope.id)?.body == nil)
            #expect(try await store.message(UUID(), shownTo: "olive") == nil)
            #expect(try await store.message(envelope.id, shownTo: "olive")?.body != nil)
            let readings = try await desk.database.query("select message_id, principal from parked_readings")
                .map { try $0.decode(UUID.self, String.self) }
            #expect(readings.map(\.0) == [envelope.id] && readings.map(\.1) == ["olive"])
        }
    }
}
