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
    }

    var calls: Calls { state.withLock { $0 } }

    func attempt(_ call: CallID) {
        _ = state.withLock { $0.attempted.insert(call.uuid) }
    }

    /// Nothing of it was sent after all.
    func withdraw(_ call: CallID) {
        _ = state.withLock { $0.attempted.remove(call.uuid) }
    }

    func acknowledge(_ call: CallID) {
        _ = state.withLock { $0.acknowledged.insert(call.uuid) }
    }
}
