import Synchronization
import TestSupport

/// A line that is noisy toward the client from some byte on.
final class Corruptor: Sendable {
    private let state = Mutex(State())

    private struct State {
        var mutator: Mutator?
        /// What still passes as it is.
        var unharmed = 0
        var hasHarmed = false
    }

    /// - Parameter longest: after how many bytes the noise begins at the latest.
    func begin(_ seed: UInt64, within longest: Int) {
        var random = SeededRandom(seed: seed)
        let unharmed = random.number(0...longest)
        state.withLock { $0 = State(mutator: Mutator(random: random, corpus: [[0xCE]]), unharmed: unharmed) }
    }

    func end() { state.withLock { $0.mutator = nil } }

    /// Whether a byte was changed since it began.
    var hasHarmed: Bool { state.withLock(\.hasHarmed) }

    func passage(_ bytes: ArraySlice<UInt8>, _ direction: Proxy.Direction) -> [UInt8]? {
        guard direction == .toClient else { return Array(bytes) }
        return state.withLock { state in
            guard var mutator = state.mutator, bytes.count > state.unharmed else {
                state.unharmed -= min(state.unharmed, bytes.count)
                return Array(bytes)
            }
            var harmed = Array(bytes.dropFirst(state.unharmed))
            for _ in 1...mutator.random.number(1...3) { mutator.mutate(&harmed) }
            let unharmed = bytes.prefix(state.unharmed)
            // The next pieces may pass well, or not.
            state.unharmed = mutator.random.number(0...1) * mutator.random.number(1...2000)
            (state.mutator, state.hasHarmed) = (mutator, true)
            return unharmed + harmed
        }
    }
}
