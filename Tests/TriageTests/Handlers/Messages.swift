import Contracts
import Foundation
import Messaging
@testable import Triage

extension Message<TriageInput> {
    static func sample(_ input: TriageInput, at now: Date) -> Self {
        Message(id: .v7(), body: input, handledAt: now, correlation: input.call.uuid, trace: .root())
    }
}

extension TriageState {
    static var empty: TriageState {
        get throws { TriageState(calls: [:], places: [:], ruleSet: try Shipped.rules(), ruleSetIsStored: false) }
    }
}

extension [Outgoing] {
    var triaged: [CallTriaged] { events() }
    var problems: [ProblemDetected] { events() }

    private func events<Event: DomainEvent>() -> [Event] {
        compactMap { outgoing in
            if case .event(let event) = outgoing { event as? Event } else { nil }
        }
    }
}
