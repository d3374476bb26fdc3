import Synchronization
import TestSupport

/// Counts what a service says to its servers and hears from them, and strikes at a chosen step.
///
/// A step is one piece of bytes that arrives at a proxy, in either direction. Guarantee: the step that springs it does
/// not pass, and nothing after it does until it is put away, so what the service did to the world is what the steps
/// before did.
final class Tripwire: Sendable {
    private let state = Mutex(State())

    private struct State {
        var steps = 0
        var last = Int.max
        var strike: (@Sendable () -> Void)?
        var isSprung = false
    }

    /// Strikes when so many more steps have come, the last of them included.
    func set(at step: Int, _ strike: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(last: step, strike: strike) }
    }

    /// Returns how many steps have come.
    @discardableResult
    func putAway() -> Int {
        state.withLock { state in
            defer { state = State() }
            return state.steps
        }
    }

    /// Whether it has struck.
    var isSprung: Bool { state.withLock(\.isSprung) }

    func passage(_ bytes: ArraySlice<UInt8>, _ direction: Proxy.Direction) -> [UInt8]? {
        let (passes, strike) = state.withLock { state in
            state.steps += 1
            return (state.steps < state.last, state.steps == state.last ? state.strike : nil)
        }
        if let strike {
            strike()
            state.withLock { $0.isSprung = true }
        }
        return passes ? Array(bytes) : nil
    }
}
