/// `Processor` and `Outbox.append`: effect, event and pointer are committed together.
///
/// The id is taken under the lock on the call, so a call's events have their ids in order; between calls a lower id may
/// be committed later.
extension MessagingModel {
    func addServiceSteps(to steps: inout Successors) {
        let state = steps.state
        for call in Event.calls where !state.open.hasAny(ofCall: call) {
            // Names do not matter: the first call is A.
            if call == 1 && state.begun.isEmpty { continue }
            let versions = Event.versions[call].prefix(bounds.versions[call])
            guard let event = versions.first(where: { !state.begun.contains($0) }) else { continue }
            steps.add(.begin(event)) {
                $0.begun.insert(event)
                $0.open.insert(event)
                $0.ids.append(event)
            }
        }
        guard !state.open.isEmpty else { return }
        for event in Event.all where state.open.contains(event) {
            steps.add(.commit(event)) {
                $0.open.remove(event)
                $0.committed.insert(event)
                $0.outbox.insert(event)
            }
            if mutation == .publishBeforeCommit && state.queue[event] == 0 {
                steps.add(.publishUncommitted(event)) { $0.queue.add(event) }
            }
        }
        steps.addFault(.serviceCrash) { $0.open = EventSet() }
    }
}
