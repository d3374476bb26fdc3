import AMQP
import Contracts
import Foundation
import Postgres
import Synchronization
import Testing
import TestSupport

@testable import Messaging

/// A process that dies leaves a note of what it was at, and its messages come back.
@Suite("A message that kills the process")
struct SuspectTests {
    private func crash(_ id: UUID, tries: Int, _ desk: Desk) async throws {
        try await desk.database.execute("insert into suspects values (\(id), \(Int32(tries)))")
    }

    @Test("a message from a queue that was begun three times and never ended is parked; its neighbours are handled")
    func fromTheQueue() async throws {
        try await Desk.withBroker { desk, broker in
            let key = UUID()
            let ids = (0..<5).map { _ in UUID.v7() }
            try await broker.configuration.publish(
                try ids.map { try Samples.publication(Counted(key: key), id: $0) })
            for _ in 1...2 {
                let connection = try await AMQPConnection.open(broker.configuration)
                try await connection.startConsuming(Desk.queue, prefetch: 10)
                var count = 0
                while count < ids.count {
                    count += try await connection.deliveries(upTo: 10, within: .seconds(20)).count
                }
                await connection.close()
            }
            try await crash(ids[1], tries: 3, desk)
            try await crash(ids[2], tries: 2, desk)
            try await desk.running([desk.consumer()]) {
                try await desk.eventually("all settled") { try await desk.steps().count == 4 }
            }
            #expect(try await desk.parkedCode(ids[1]) == "kills-process")
            #expect(try await desk.steps()[ids[1]] == nil)
            #expect(try await desk.count("select count(*) from suspects") == 0)
        }
    }

    @Test("what only came back often is handled as a batch, in its order beside what was begun before")
    func cameBack() async throws {
        try await Desk.with { desk in
            let (key, ids) = (UUID(), (0..<20).map { _ in UUID.v7() })
            for id in [ids[4], ids[5]] { try await crash(id, tries: 1, desk) }
            let transactions = Mutex<Set<String>>([])
            let handler = Tally { transaction in
                let id = try await transaction.query("select pg_current_xact_id()::text").first?.decode(String.self)
                transactions.withLock { _ = $0.insert(id ?? "") }
            }
            try await desk.processor(handler).processWarily(
                try ids.map { try Samples.envelope(Counted(key: key), id: $0) }, from: .inbox)
            #expect(transactions.withLock(\.count) == 4)
            let order = try await desk.database.query("select message_id from steps order by total")
            #expect(try order.map { try $0.decode(UUID.self) } == ids)
            #expect(try await desk.count("select count(*) from suspects") == 0)
        }
    }

    @Test("the try is noted before the handler runs, and forgotten when it ends")
    func noted() async throws {
        try await Desk.with { desk in
            let key = UUID()
            try await desk.processor().process([try Samples.envelope(Counted(key: key, wish: .setTimer))], from: .inbox)
            desk.clock.advance(Tally.timerDelay)
            let looking = Tally { transaction in
                let row = try await transaction.query("select tries from suspects").first
                if try row?.decode(Int.self) != 1 { throw Desk.NotYet(description: "not noted") }
            }
            try await desk.running([desk.flow.timers(desk.processor(looking))]) {
                try await desk.eventually("fired") { try await desk.total(key) == 1 }
            }
            #expect(try await desk.count("select count(*) from suspects") == 0)
        }
    }

    @Test("a timer that was begun three times and never ended is parked; the others fire")
    func timers() async throws {
        try await Desk.with { desk in
            let keys = (0..<3).map { _ in UUID() }
            for key in keys {
                try await desk.processor().process(
                    [try Samples.envelope(Counted(key: key, wish: .setTimer))], from: .inbox)
            }
            desk.clock.advance(Tally.timerDelay)
            try await crash(Tally.timerID(keys[0]), tries: 3, desk)
            try await desk.running([desk.flow.timers(desk.processor())]) {
                try await desk.eventually("all settled") { try await desk.count("select count(*) from timers") == 0 }
            }
            #expect(try await desk.steps().count == 2)
            #expect(try await desk.parkedCode(Tally.timerID(keys[0])) == "kills-process")
        }
    }
}
