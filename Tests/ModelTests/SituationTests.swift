import Testing

/// That nothing goes wrong means little unless the model gets into trouble.
@Suite("The model of the messaging core gets into trouble")
struct SituationTests {
    private struct Situation: Sendable {
        let name: String
        let holds: @Sendable (MessagingState) -> Bool

        init(_ name: String, _ holds: @escaping @Sendable (MessagingState) -> Bool) {
            self.name = name
            self.holds = holds
        }
    }

    private static let situations = [
        Situation("a higher id is pending before a lower one is committed") {
            guard let lowest = $0.ids.first(of: $0.open | $0.outbox) else { return false }
            return $0.open.contains(lowest) && !$0.outbox.isEmpty
        },
        Situation("a transaction was rolled back, and the call's next event is handled") {
            ($0.begun - $0.open - $0.committed).contains(.a1) && $0.inbox.contains(.a2)
        },
        Situation("a relay that is cut off may still send what the new one has published and deleted") {
            $0.relays[1].role == .cutOff && !($0.relays[1].reading & ($0.committed - $0.outbox)).isEmpty
        },
        Situation("a message is handled and waits in the queue once more") {
            !($0.queue.events & $0.inbox).isEmpty
        },
        Situation("a batch holds the same message twice") { state in
            Event.all.contains { state.consumers[0].batch[$0] == 2 }
        },
        Situation("two consumers hold the same message") {
            !($0.consumers[0].batch.events & $0.consumers[1].batch.events).isEmpty
        },
        Situation("two consumers are in a transaction") {
            $0.consumers[0].isInTransaction && $0.consumers[1].isInTransaction
        },
        Situation("a call's newer version is handled before the older one") {
            $0.inbox.contains(.a2) && ($0.committed - $0.inbox).contains(.a1)
        },
    ]

    @Test("with one fault at most")
    func areReached() throws {
        let bounds = MessagingModel.Bounds(versions: [2, 1], window: 2, batch: 2, faults: 1)
        let states = try Exploration(of: MessagingModel(bounds)).states
        for situation in Self.situations {
            #expect(states.contains(where: situation.holds), "never: \(situation.name)")
        }
    }
}
