import Glibc
import Testing
import Threading

@Suite("A thread of one's own")
struct OwnThreadTests {
    /// Never inlined: glibc declares `pthread_self` const, so its value from before an `await` could be reused.
    @inline(never) private static func threadNumber() -> pthread_t { pthread_self() }

    /// Works on a thread that it may share.
    private actor Worker {
        nonisolated private let thread: OwnThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.executor.asUnownedSerialExecutor() }
        private var waiting: CheckedContinuation<Void, Never>?
        private var hasNews = false

        init(_ thread: OwnThread) { self.thread = thread }

        var threadNumber: pthread_t { OwnThreadTests.threadNumber() }

        func tell() {
            hasNews = true
            waiting?.resume()
            waiting = nil
        }

        func hear() async -> pthread_t {
            await thread.executor.suspend { continuation in
                if hasNews { continuation.resume() } else { waiting = continuation }
            }
            hasNews = false
            return threadNumber
        }
    }

    @Test("actors that share a thread run on it, and on no other, before and after they wait", .timeLimit(.minutes(1)))
    func shared() async {
        let thread = OwnThread(name: "test")
        let (one, other) = (Worker(thread), Worker(thread))
        let number = await one.threadNumber
        #expect(number != Self.threadNumber())
        #expect(await other.threadNumber == number)
        #expect(await Worker(OwnThread(name: "test")).threadNumber != number)
        async let heard = one.hear()
        await other.tell()
        await one.tell()
        #expect(await heard == number)
        #expect(await other.hear() == number)
    }

    @Test("whoever waits on a shared thread is woken, from that thread and from others", .timeLimit(.minutes(1)))
    func woken() async {
        let thread = OwnThread(name: "test")
        let workers = [Worker(thread), Worker(thread), Worker(OwnThread(name: "test"))]
        await withTaskGroup(of: Void.self) { group in
            for (index, worker) in workers.enumerated() {
                let next = workers[(index + 1) % workers.count]
                group.addTask {
                    for _ in 1...2000 {
                        _ = await worker.hear()
                        await next.tell()
                    }
                }
            }
            await workers[0].tell()
        }
    }

    @Test("the thread goes on while one of its actors is left, and ends with the last", .timeLimit(.minutes(1)))
    func lifetime() async {
        var thread: OwnThread? = OwnThread(name: "test")
        weak let executor = thread?.executor
        var one = thread.map(Worker.init)
        var other = thread.map(Worker.init)
        thread = nil
        _ = await one?.threadNumber
        one = nil
        #expect(await other?.threadNumber != nil)
        #expect(executor != nil)
        other = nil
        while executor != nil { await Task.yield() }
    }
}
