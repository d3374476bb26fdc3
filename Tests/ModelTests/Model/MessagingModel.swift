/// The path of a message from one service's commit to another's effect, as `Shared/Messaging` walks it: service,
/// outbox, two relays, broker, two consumers, inbox. See `deploy/docs/messaging-model.md` for what is in it and what is not.
struct MessagingModel: TransitionSystem {
    let bounds: Bounds
    let mutation: Mutation?

    struct Bounds {
        /// How many versions of call A and of call B there are, at most two each.
        var versions = [2, 2]
        /// How many messages a relay may have in flight, and a consumer in a batch.
        var window = 1
        var batch = 1
        /// How many faults may happen in one run, at most two.
        var faults: UInt8
    }

    /// One thing done wrong on purpose.
    enum Mutation: CaseIterable {
        case acknowledgeBeforeCommit, relayByCursor, noDeduplication, deleteBeforeConfirm, publishBeforeCommit
        case ignoreVersions
    }

    init(_ bounds: Bounds, _ mutation: Mutation? = nil) {
        self.bounds = bounds
        self.mutation = mutation
    }

    var initial: MessagingState { MessagingState(faultsLeft: bounds.faults) }

    func steps(from state: MessagingState) -> [(step: MessagingStep, next: MessagingState)] {
        var steps = Successors(of: state)
        addServiceSteps(to: &steps)
        for number in 0..<2 {
            addRelaySteps(number, to: &steps)
            addConsumerSteps(number, to: &steps)
        }
        return steps.all
    }

    /// Collects what can happen in one state.
    struct Successors {
        let state: MessagingState
        private(set) var all: [(step: MessagingStep, next: MessagingState)] = []

        init(of state: MessagingState) { self.state = state }

        mutating func add(_ step: MessagingStep, _ change: (inout MessagingState) -> Void) {
            var next = state
            change(&next)
            next.simplify()
            all.append((step, next))
        }

        mutating func addFault(_ step: MessagingStep, _ change: (inout MessagingState) -> Void) {
            guard state.faultsLeft > 0 else { return }
            add(step) {
                $0.faultsLeft -= 1
                change(&$0)
            }
        }
    }
}
