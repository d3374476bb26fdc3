import Contracts
import Foundation
import Messaging
import Postgres
import Testing

@Suite("Timers")
struct TimerTests {
    private func send(_ wishes: [Counted.Wish], _ key: UUID, _ desk: Desk) async throws {
        try await desk.processor().process(
            try wishes.map { try Samples.envelope(Counted(key: key, wish: $0)) }, from: .inbox)
    }

    @Test("a due timer fires once, though two workers look for it, and not before its time")
    func firesOnce() async throws {
        try await Desk.with { desk in
            let keys = (0..<20).map { _ in UUID() }
            for key in keys { try await send([.setTimer], key, desk) }
            let workers = [desk.flow.timers(desk.processor()), desk.flow.timers(desk.processor())]
            try await desk.running(workers) {
                desk.clock.advance(Tally.timerDelay - 1)
                // A timer that is due now shows that the workers have looked.
                let witness = UUID()
                try await desk.database.execute(
                    """
                    insert into timers (id, kind, due, partition_key, body)
                    values (\(Tally.timerID(witness)), 'count', \(desk.clock.now), \(witness),
                        \(try ContractJSON.encode(Counted(key: witness))))
                    """)
                try await desk.eventually("the witness") { try await desk.total(witness) == 1 }
                for key in keys { #expect(try await desk.total(key) == 0) }
                desk.clock.advance(1)
                try await desk.eventually("all fired") { try await desk.count("select count(*) from timers") == 0 }
            }
            let steps = try await desk.steps()
            for key in keys { #expect(steps[Tally.timerID(key)] == 1) }
        }
    }

    @Test(
        "the last word on a timer counts, also within one batch",
        arguments: [
            ([.setTimer, .cancelTimer], 0), ([.setTimer, .cancelTimer, .setTimer], 1), ([.cancelTimer, .setTimer], 1),
            ([.setTimer, .setTimer], 1), ([.setTimer, .setTimer, .cancelTimer], 0),
        ] as [([Counted.Wish], Int)])
    func lastWord(wishes: [Counted.Wish], count: Int) async throws {
        try await Desk.with { desk in
            try await send(wishes, UUID(), desk)
            #expect(try await desk.count("select count(*) from timers") == count)
            #expect(try await desk.count("select count(*) from inbox where outcome = 'handled'") == wishes.count)
        }
    }

    @Test("a timer that was cancelled, or set anew, after a worker has read it does not fire as it was read")
    func overtaken() async throws {
        try await Desk.with { desk in
            let (cancelled, moved) = (UUID(), UUID())
            try await send([.setTimer], cancelled, desk)
            try await send([.setTimer], moved, desk)
            let read = try await desk.database.query("select id, due, body from timers").map { row in
                let (id, due, body) = try row.decode(UUID.self, Date.self, Data.self)
                return Envelope(id: id, type: "timer.count", data: body, time: due)
            }
            try await send([.cancelTimer], cancelled, desk)
            try await send([.setOtherTimer], moved, desk)
            try await desk.processor().process(read, from: .timers)
            #expect(try await desk.steps().isEmpty)
            #expect(try await desk.count("select count(*) from timers") == 1)
        }
    }

    @Test("firing and cancelling the same timers at the same time never deadlocks")
    func noDeadlock() async throws {
        try await Desk.with { desk in
            let keys = (0..<50).map { _ in UUID() }
            for _ in 1...5 {
                for key in keys { try await send([.setTimer], key, desk) }
                let due = try await desk.database.query("select id, due, body from timers").map { row in
                    let (id, due, body) = try row.decode(UUID.self, Date.self, Data.self)
                    return Envelope(id: id, type: "timer.count", data: body, time: due)
                }
                let cancels = try keys.map { try Samples.envelope(Counted(key: $0, wish: .cancelTimer)) }
                let processor = desk.processor()
                async let firing: Void = processor.process(due, from: .timers)
                async let cancelling: Void = processor.process(cancels, from: .inbox)
                _ = try await (firing, cancelling)
                #expect(try await desk.count("select count(*) from timers") == 0)
            }
        }
    }

    @Test("a timer whose firing was put off is withdrawn by a cancellation")
    func cancelledWhileWaiting() async throws {
        try await Desk.with { desk in
            let key = UUID()
            try await send([.setOtherTimer], key, desk)  // fires with the wish to wait
            desk.clock.advance(2 * Tally.timerDelay)
            try await desk.running([desk.flow.timers(desk.processor())]) {
                try await desk.eventually("put off") { try await desk.count("select count(*) from retries") == 1 }
            }
            try await send([.cancelTimer], key, desk)
            #expect(try await desk.count("select count(*) from retries") == 0)
        }
    }
}
