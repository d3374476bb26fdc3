/// What the messaging core promises.
extension MessagingModel {
    func flaw(in state: MessagingState) -> String? {
        if !state.appliedTwice.isEmpty { return "Doubled: \(state.appliedTwice) had its effect twice." }
        let phantoms = state.published - state.committed
        if !phantoms.isEmpty { return "Phantom: \(phantoms) was published and not committed." }
        for call in Event.calls where state.versions[call] != state.applied.newest(ofCall: call) {
            return "Overwritten: call \(Event.name(ofCall: call)) went back to version \(state.versions[call])."
        }
        return nil
    }

    func flaw(atRest state: MessagingState) -> String? {
        let lost = state.committed - state.applied
        if !lost.isEmpty { return "Lost: \(lost) was committed and never has its effect." }
        if !state.outbox.isEmpty { return "Left over: \(state.outbox) stays in the outbox." }
        if !state.queue.isEmpty { return "Left over: \(state.queue.events) stays in the queue." }
        return nil
    }
}

extension MessagingState {
    /// What the broker or a consumer has seen.
    fileprivate var published: EventSet {
        queue.events | consumers[0].batch.events | consumers[1].batch.events | inbox | applied
    }
}
