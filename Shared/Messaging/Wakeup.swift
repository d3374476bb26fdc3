import Synchronization

/// Lets tasks sleep until there is something to do or the time is up. A wake-up that comes while nobody sleeps is
/// remembered, so none is lost.
///
/// It may end a sleep early, by an alarm that was set for an earlier one: under load there is one alarm in all that
/// time, not one a sleep. Whoever wakes looks for itself.
package final class Wakeup: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isPending = false
        var sleepers: [CheckedContinuation<Void, Never>] = []
        /// When the next alarm rings.
        var alarm: ContinuousClock.Instant?
    }

    package init() {}

    package func wake() {
        resume(isRemembered: true)
    }

    package func sleep(upTo time: Duration) async {
        let deadline = ContinuousClock.now + time
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isAwake, needsAlarm) = state.withLock { state in
                    if state.isPending {
                        state.isPending = false
                        return (true, false)
                    }
                    state.sleepers.append(continuation)
                    if let alarm = state.alarm, alarm <= deadline { return (false, false) }
                    state.alarm = deadline
                    return (false, true)
                }
                if isAwake { continuation.resume() }
                if needsAlarm { setAlarm(deadline) }
            }
        } onCancel: {
            wake()
        }
    }

    private func setAlarm(_ time: ContinuousClock.Instant) {
        Task {
            try? await Task.sleep(until: time, clock: .continuous)
            state.withLock { if $0.alarm == time { $0.alarm = nil } }
            resume(isRemembered: false)
        }
    }

    private func resume(isRemembered: Bool) {
        let sleepers = state.withLock { state in
            defer { state.sleepers = [] }
            if isRemembered { state.isPending = state.sleepers.isEmpty }
            return state.sleepers
        }
        for sleeper in sleepers { sleeper.resume() }
    }
}
