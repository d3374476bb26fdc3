/// What can happen, in words that make a trace readable. Replicas go by their roles.
enum MessagingStep: ModelStep {
    case begin(Event), commit(Event), publishUncommitted(Event), serviceCrash
    case lead, read(Event), deleteConfirmed(Event), deleteUnconfirmed(Event)
    case relayRestart, sessionLost, relayNotices
    case accept(Event, from: Role), refuse(Event), refuseAfterAll(Event)
    case activate, deliver(Event), acknowledge, acknowledgeEarly
    case claim(Role, EventSet), commitBatch(Role, EventSet), commitUnheard(Role, EventSet), rollBack(Role)
    case consumerCrash, connectionLost, consumerNotices

    /// Requests and faults.
    var isFromOutside: Bool {
        switch self {
        case .begin, .serviceCrash, .relayRestart, .sessionLost, .refuseAfterAll, .commitUnheard, .rollBack,
            .consumerCrash, .connectionLost:
            true
        default: false
        }
    }

    var description: String {
        switch self {
        case .begin(let event): "service: begins \(event) and takes its id"
        case .commit(let event): "service: commits \(event) with its outbox pointer"
        case .publishUncommitted(let event): "service: publishes \(event) inside the transaction"
        case .serviceCrash: "service: crashes, what is open is rolled back"
        case .lead: "a relay takes the lead"
        case .read(let event): "relay: reads \(event) and sends it"
        case .deleteConfirmed(let event): "relay: hears the confirm and deletes the pointer to \(event)"
        case .deleteUnconfirmed(let event): "relay: deletes the pointer to \(event) without a confirm"
        case .relayRestart: "relay: crashes or loses its channel, confirms and all"
        case .sessionLost: "relay: is cut off, its session is lost and it has not noticed"
        case .relayNotices: "relay, cut off: notices and starts anew"
        case .accept(let event, let role): "broker: takes \(event) from the relay\(Self.note(role))"
        case .refuse(let event): "broker: refuses \(event)"
        case .refuseAfterAll(let event): "broker: queues \(event) and yet refuses it"
        case .activate: "a consumer becomes the active one"
        case .deliver(let event): "consumer: receives \(event)"
        case .acknowledge: "consumer: acknowledges its batch"
        case .acknowledgeEarly: "consumer: acknowledges its batch before it commits"
        case .claim(let role, let fresh): "consumer\(Self.note(role)): claims its batch, fresh in it: \(fresh)"
        case .commitBatch(let role, let fresh): "consumer\(Self.note(role)): commits, with the effects of: \(fresh)"
        case .commitUnheard(let role, let fresh):
            "consumer\(Self.note(role)): commits, with the effects of: \(fresh), and never hears so"
        case .rollBack(let role): "consumer\(Self.note(role)): its transaction is rolled back"
        case .consumerCrash: "consumer: crashes, the broker takes back what was not acknowledged"
        case .connectionLost: "consumer: is cut off, the broker takes its batch back and it has not noticed"
        case .consumerNotices: "consumer, cut off: notices and starts anew"
        }
    }

    private static func note(_ role: Role) -> String { role == .cutOff ? ", cut off" : "" }
}
