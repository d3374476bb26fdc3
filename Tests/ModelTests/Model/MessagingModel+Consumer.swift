/// `QueueReader` and `Processor`: a batch is claimed by its inbox rows, applied and committed in one transaction, and
/// only then acknowledged. What was not acknowledged, the broker hands to the next consumer.
extension MessagingModel {
    func addConsumerSteps(_ number: Int, to steps: inout Successors) {
        let state = steps.state
        let consumer = state.consumers[number]
        switch consumer.role {
        case .first:
            addDeliveries(number, consumer, to: &steps)
            addTransaction(number, consumer, to: &steps)
            addEnds(number, consumer, to: &steps)
        case .cutOff:
            addTransaction(number, consumer, to: &steps)
            steps.add(.consumerNotices) { $0.consumers[number] = Consumer(role: .standby) }
        case .standby where number == 0 || state.consumers[0].role == .cutOff:
            steps.add(.activate) { $0.consumers[number].role = .first }
        case .standby: break
        }
    }

    /// A batch is closed by its transaction. Any copy may come next: the queue's order is not relied upon.
    private func addDeliveries(_ number: Int, _ consumer: Consumer, to steps: inout Successors) {
        guard consumer.phase == .collecting, consumer.batch.total < bounds.batch else { return }
        for event in Event.all where steps.state.queue[event] > 0 {
            steps.add(.deliver(event)) {
                $0.queue.remove(event)
                $0.consumers[number].batch.add(event)
            }
        }
    }

    private func addTransaction(_ number: Int, _ consumer: Consumer, to steps: inout Successors) {
        guard !consumer.batch.isEmpty else { return }
        let events = consumer.batch.events
        let fresh = mutation == .noDeduplication ? events : events - steps.state.inbox
        switch consumer.phase {
        case .collecting:
            // An inbox row or a call's row of another open transaction is waited for.
            let other = steps.state.consumers[1 - number]
            if other.isInTransaction && events.sharesCall(with: other.batch.events) { return }
            steps.add(.claim(consumer.role, fresh)) { $0.consumers[number].phase = .claimed }
        case .claimed:
            steps.add(.commitBatch(consumer.role, fresh)) {
                apply(fresh, to: &$0)
                $0.consumers[number].phase = .committed
            }
            // Either way the consumer sees an error and tries the same batch again.
            steps.addFault(.commitUnheard(consumer.role, fresh)) {
                apply(fresh, to: &$0)
                $0.consumers[number].phase = .collecting
            }
            steps.addFault(.rollBack(consumer.role)) { $0.consumers[number].phase = .collecting }
            if mutation == .acknowledgeBeforeCommit && consumer.role == .first {
                steps.add(.acknowledgeEarly) { $0.consumers[number].phase = .acknowledged }
            }
        case .acknowledged:
            steps.add(.commitBatch(consumer.role, fresh)) {
                apply(fresh, to: &$0)
                $0.consumers[number] = Consumer(role: consumer.role)
            }
        case .committed: break
        }
    }

    /// The batch ends by its acknowledgement, or goes back to the queue.
    private func addEnds(_ number: Int, _ consumer: Consumer, to steps: inout Successors) {
        guard !consumer.batch.isEmpty else { return }
        if consumer.phase == .committed {
            steps.add(.acknowledge) { $0.consumers[number] = Consumer(role: .first) }
        }
        steps.addFault(.consumerCrash) {
            $0.queue.add(consumer.unacknowledged)
            $0.consumers[number] = Consumer(role: .standby)
        }
        steps.addFault(.connectionLost) {
            $0.queue.add(consumer.unacknowledged)
            $0.consumers[number].role = .cutOff
        }
    }

    private func apply(_ fresh: EventSet, to state: inout MessagingState) {
        state.inbox = state.inbox | fresh
        state.appliedTwice = state.appliedTwice | (fresh & state.applied)
        state.applied = state.applied | fresh
        for call in Event.calls {
            let newest = fresh.newest(ofCall: call)
            if newest > state.versions[call] || (mutation == .ignoreVersions && newest > 0) {
                state.versions[call] = newest
            }
        }
    }
}
