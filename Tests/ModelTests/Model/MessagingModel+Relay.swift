/// `OutboxRelay`: reads what is pending, lowest id first, and deletes a pointer once the broker has confirmed it.
extension MessagingModel {
    func addRelaySteps(_ number: Int, to steps: inout Successors) {
        let state = steps.state
        let relay = state.relays[number]
        switch relay.role {
        case .first:
            addLeading(number, relay, to: &steps)
            addPublishing(number, relay, to: &steps)
        case .cutOff:
            addPublishing(number, relay, to: &steps)
            steps.add(.relayNotices) { $0.relays[number] = Relay(role: .standby) }
        case .standby where number == 0 || state.relays[0].role == .cutOff:
            // Nobody leads: the advisory lock went with the session that held it.
            steps.add(.lead) { $0.relays[number].role = .first }
        case .standby: break
        }
    }

    private func addLeading(_ number: Int, _ relay: Relay, to steps: inout Successors) {
        let state = steps.state
        let pending = state.outbox - relay.inFlight - state.passed
        if relay.inFlight.count < bounds.window, let event = state.ids.first(of: pending) {
            steps.add(.read(event)) { $0.relays[number].reading.insert(event) }
        }
        for event in Event.all where relay.accepted.contains(event) {
            steps.add(.deleteConfirmed(event)) {
                $0.outbox.remove(event)
                $0.relays[number].accepted.remove(event)
                if mutation == .relayByCursor {
                    $0.move(cursor: number, to: event)
                }
            }
        }
        if mutation == .deleteBeforeConfirm {
            for event in Event.all where (relay.reading & state.outbox).contains(event) {
                steps.add(.deleteUnconfirmed(event)) { $0.outbox.remove(event) }
            }
        }
        steps.addFault(.relayRestart) { $0.relays[number] = Relay(role: .standby) }
        // Who cannot delete any more need not hear confirms. What it has read, it may still send.
        steps.addFault(.sessionLost) {
            $0.relays[number].role = .cutOff
            $0.relays[number].accepted = EventSet()
        }
    }

    /// One channel keeps the order. A refused message is read again later, and those sent behind it overtake it.
    private func addPublishing(_ number: Int, _ relay: Relay, to steps: inout Successors) {
        guard let event = steps.state.ids.first(of: relay.reading) else { return }
        steps.add(.accept(event, from: relay.role)) {
            $0.queue.add(event)
            $0.relays[number].reading.remove(event)
            if relay.role == .first { $0.relays[number].accepted.insert(event) }
        }
        guard relay.role == .first else { return }
        steps.add(.refuse(event)) { $0.relays[number].reading.remove(event) }
        steps.addFault(.refuseAfterAll(event)) {
            $0.queue.add(event)
            $0.relays[number].reading.remove(event)
        }
    }
}

extension MessagingState {
    /// As careful as a cursor can be: never beyond what is not confirmed. It is wrong all the same.
    fileprivate mutating func move(cursor number: Int, to event: Event) {
        let behind = ids.prefix(through: event)
        if (behind & relays[number].inFlight).isEmpty { passed = passed | behind }
    }
}
