import Synchronization

/// Lets tasks sleep until there is something to do or the time is up. A wake-up that comes while nobody sleeps is
/// remembered, so none is lost.
package final class Wakeup: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isPending = false
        var sleepers: [CheckedContinuation<Void, Never>] = []
    }

    package init() {}

    package func wake() {
        let sleepers = state.withLock { state in
            defer { state.sleepers = [] }
            state.isPending = state.sleepers.isEmpty
            return state.sleepers
        }
        for sleeper in sleepers { sleeper.resume() }
    }

    package func sleep(upTo time: Duration) async {
        let alarm = Task {
            if (try? await Task.sleep(for: time)) != nil { wake() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAwake = state.withLock { state in
                    defer { state.isPending = false }
                    if !state.isPending { state.sleepers.append(continuation) }
                    return state.isPending
                }
                if isAwake { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        alarm.cancel()
    }
}
