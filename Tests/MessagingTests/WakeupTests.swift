import Messaging
import Synchronization
import Testing

@Suite("Wake-ups")
struct WakeupTests {
    private static let long = Duration.seconds(60)

    @Test("a wake-up that comes before anybody sleeps is not lost", .timeLimit(.minutes(1)))
    func remembered() async {
        let wakeup = Wakeup()
        wakeup.wake()
        await wakeup.sleep(upTo: Self.long)
    }

    @Test("everybody who sleeps is woken", .timeLimit(.minutes(1)))
    func all() async {
        let wakeup = Wakeup()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...3 { group.addTask { await wakeup.sleep(upTo: Self.long) } }
            group.addTask {
                for _ in 1...100 {
                    wakeup.wake()
                    await Task.yield()
                }
            }
            for _ in 1...4 {
                await group.next()
                wakeup.wake()
            }
        }
    }

    @Test("a cancelled sleeper is woken", .timeLimit(.minutes(1)))
    func cancelled() async {
        let task = Task { await Wakeup().sleep(upTo: Self.long) }
        task.cancel()
        await task.value
    }

    @Test("a short sleep ends in its time beside a long one that began before", .timeLimit(.minutes(1)))
    func alarms() async {
        let wakeup = Wakeup()
        async let long: Void = wakeup.sleep(upTo: .seconds(3600))
        for _ in 1...3 { await wakeup.sleep(upTo: .milliseconds(5)) }
        wakeup.wake()
        await long
    }

    @Test("of ten thousand wake-ups between two tasks none is lost", .timeLimit(.minutes(1)))
    func pingPong() async {
        let (ping, pong) = (Wakeup(), Wakeup())
        let turns = Turns()
        async let other: Void = {
            for turn in 1...10_000 {
                while turns.count < 2 * turn - 1 { await ping.sleep(upTo: Self.long) }
                turns.next()
                pong.wake()
            }
        }()
        for turn in 1...10_000 {
            turns.next()
            ping.wake()
            while turns.count < 2 * turn { await pong.sleep(upTo: Self.long) }
        }
        await other
    }

    private final class Turns: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func next() { number.withLock { $0 += 1 } }
    }
}
