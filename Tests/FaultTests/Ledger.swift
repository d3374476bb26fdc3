import Contracts
import Foundation
import Synchronization

/// What the dispatch systems know of their own calls, and nobody else says: which they tried to send, and which the
/// broker promised to keep.
final class Ledger: Sendable {
    private let state = Mutex(Calls())

    struct Calls: Sendable {
        var attempted: Set<UUID> = []
        var acknowledged: Set<UUID> = []
        /// Of which a second version may have been sent.
        var updated: Set<UUID> = []
        /// The longest that one of them waited for a confirm after the one before.
        var longestSilence = Duration.zero
        fileprivate var lastConfirm: [AgencyID: ContinuousClock.Instant] = [:]
    }

    var calls: Calls { state.withLock { $0 } }

    func attempt(_ call: CallID) {
        _ = state.withLock { $0.attempted.insert(call.uuid) }
    }

    func update(_ call: CallID) {
        _ = state.withLock { $0.updated.insert(call.uuid) }
    }

    /// Nothing of it was sent after all.
    func withdraw(_ call: CallID) {
        _ = state.withLock { $0.attempted.remove(call.uuid) }
    }

    func acknowledge(_ call: CallID, of agency: AgencyID) {
        state.withLock { calls in
            calls.acknowledged.insert(call.uuid)
            let now = ContinuousClock.now
            if let last = calls.lastConfirm.updateValue(now, forKey: agency) {
                calls.longestSilence = max(calls.longestSilence, now - last)
            }
        }
    }
}
