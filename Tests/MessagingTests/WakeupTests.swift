import Messaging
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
}
