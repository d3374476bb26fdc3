import Glibc
import Synchronization

/// A serial executor that is one thread of its own, for actors; and for what their tasks do between two actors.
///
/// An actor that drives a blocking C client (librabbitmq, libpq) runs here, so the cooperative pool is never blocked
/// and the client is never touched by two threads. The thread sleeps in poll(2), woken by new jobs and by the file
/// descriptors that its actors wait for.
package final class ThreadExecutor: SerialExecutor, TaskExecutor {
    private let state = Mutex(State())
    private let name: String
    private let wakeReader: Int32
    private let wakeWriter: Int32

    private struct State {
        var jobs: [UnownedJob] = []
        var waits: [Wait] = []
        var thread: pthread_t?
        var isStopping = false
    }

    private struct Wait {
        let descriptor: Int32
        let events: Int16
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// - Parameter name: what `top -H` and a debugger call the thread.
    package init(name: String) {
        self.name = name
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { fatalError("no file descriptors left for a thread") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (wakeReader, wakeWriter) = (ends[0], ends[1])
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // librabbitmq decodes nested headers recursively: a hostile one needs 3 MB, and glibc's default may be 2.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadExecutor>.fromOpaque(argument).takeRetainedValue().loop()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard status == 0 else { fatalError("no thread could be started") }
        pthread_detach(thread)
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = state.withLock { state in
            state.jobs.append(job)
            return state.jobs.count == 1
        }
        // The thread itself looks for jobs before it sleeps.
        if wasEmpty && !isCurrent { wake() }
    }

    /// Never inlined: glibc declares `pthread_self` const, so its value from before an `await` could be reused.
    @inline(never) package func checkIsolated() {
        precondition(isCurrent, "not on the executor's thread")
    }

    @inline(never) private var isCurrent: Bool {
        state.withLock { state in state.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Suspends the calling actor until the descriptor is readable (true) or the time is up (false).
    package func readable(
        _ descriptor: Int32, within time: Duration, isolation: isolated (any Actor)? = #isolation
    ) async -> Bool {
        await ready(descriptor, Int16(POLLIN), within: time)
    }

    /// Suspends the calling actor until the descriptor is writable (true) or the time is up (false).
    package func writable(
        _ descriptor: Int32, within time: Duration, isolation: isolated (any Actor)? = #isolation
    ) async -> Bool {
        await ready(descriptor, Int16(POLLOUT), within: time)
    }

    /// Ends the thread once its queue is empty; jobs enqueued later are still run first.
    package func shutdown() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    private func ready(
        _ descriptor: Int32, _ events: Int16, within time: Duration, isolation: isolated (any Actor)? = #isolation
    ) async -> Bool {
        let deadline = ContinuousClock.now.advanced(by: time)
        return await suspend { continuation in
            state.withLock {
                $0.waits.append(
                    Wait(descriptor: descriptor, events: events, deadline: deadline, continuation: continuation))
            }
            if !isCurrent { wake() }
        }
    }

    /// Suspends the calling actor, one of this thread, until the continuation is resumed. Others of the thread may have
    /// had their turn before the body runs: it, or whoever resumes, looks whether there is still something to wait for.
    ///
    /// A continuation resumes on the global pool and from there changes to the actor's executor; preferring this thread
    /// spares it both changes.
    package func suspend<Value: Sendable>(
        isolation: isolated (any Actor)? = #isolation, _ body: (CheckedContinuation<Value, Never>) -> Void
    ) async -> Value {
        await withTaskExecutorPreference(self) {
            await withCheckedContinuation { body($0) }
        }
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWriter, &byte, 1)
    }

    private func loop() {
        state.withLock { $0.thread = pthread_self() }
        tellName()
        var polled: [pollfd] = []
        while true {
            runJobs()
            let (waits, hasJobs, isDone) = state.withLock { state in
                (state.waits, !state.jobs.isEmpty, state.isStopping && state.jobs.isEmpty && state.waits.isEmpty)
            }
            if isDone { return }
            polled.removeAll(keepingCapacity: true)
            polled.append(pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0))
            for wait in waits { polled.append(pollfd(fd: wait.descriptor, events: wait.events, revents: 0)) }
            guard poll(&polled, nfds_t(polled.count), hasJobs ? 0 : timeout(of: waits)) >= 0 || errno == EINTR else {
                fatalError("poll failed with errno \(errno)")
            }
            if polled[0].revents != 0 { drainWakes() }
            resume(waits.count, polled)
        }
    }

    /// Swift does not see glibc's function for that.
    private func tellName() {
        guard let file = fopen("/proc/thread-self/comm", "w") else { return }
        fputs(name, file)
        fclose(file)
    }

    private func runJobs() {
        let jobs = state.withLock { state in
            let jobs = state.jobs
            state.jobs.removeAll(keepingCapacity: true)
            return jobs
        }
        for job in jobs {
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    /// Milliseconds until the earliest deadline, rounded up; -1 when nobody waits.
    private func timeout(of waits: [Wait]) -> Int32 {
        guard let earliest = waits.map(\.deadline).min() else { return -1 }
        let left = earliest - .now
        guard left > .zero else { return 0 }
        return Int32(min(left / .milliseconds(1) + 1, 3_600_000))
    }

    private func drainWakes() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &bytes, bytes.count) == bytes.count {}
    }

    private func resume(_ count: Int, _ polled: [pollfd]) {
        guard count > 0 else { return }
        let now = ContinuousClock.now
        let ended = state.withLock { state in
            var ended: [(CheckedContinuation<Bool, Never>, Bool)] = []
            var kept: [Wait] = []
            for (index, wait) in state.waits.enumerated() {
                let isReady = index < count && polled[index + 1].revents != 0
                if isReady || wait.deadline <= now {
                    ended.append((wait.continuation, isReady))
                } else {
                    kept.append(wait)
                }
            }
            state.waits = kept
            return ended
        }
        for (continuation, isReady) in ended { continuation.resume(returning: isReady) }
    }
}
