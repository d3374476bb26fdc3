import AMQP
import Contracts
import Foundation
import Messaging

/// What arrives: a call, or something that is none.
enum WorkloadMessage: HandlerInput {
    case call(WorkloadCall)
    case bad(Data)

    init(_ envelope: Envelope) {
        self = WorkloadCall(json: envelope.data).map(Self.call) ?? .bad(envelope.data)
    }

    init(type: EventType, data: Data) throws {
        throw Unreadable.type(type)
    }

    /// The ids are the harness' own texts; the inbox keeps them as ids without a day.
    static func reading(_ delivery: Delivery) -> Consumer<ReceiveCalls>.Reading {
        guard let id = delivery.properties.messageID, case .body(let data) = delivery.content else {
            return .parked(Parked(delivery, code: "unreadable", detail: "No message id, or too large."))
        }
        return .envelope(Envelope(id: .v5("message", id), type: "cad.call", data: data), .inbox)
    }
}
