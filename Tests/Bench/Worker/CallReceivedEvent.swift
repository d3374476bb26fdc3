import AMQP
import Contracts
import Foundation
import Messaging

/// What the worker announces: the event as the workload writes it.
struct CallReceivedEvent {
    let event_id: String
    let type = "cad.call.received"
    let call_id: String
    let agency: String
    let incident_type: String
    let priority: Int16
    let received_at: String

    init(_ call: WorkloadCall) {
        (call_id, agency, incident_type) = (call.id, call.agency, call.incidentType)
        (priority, received_at) = (call.priority, call.receivedAtText)
        event_id = "received:\(call.id)"
    }

    func message(to exchange: String, about call: UUID) -> DirectMessage {
        DirectMessage(
            exchange: exchange, routingKey: "call.received.\(agency)", type: type, partitionKey: call,
            classification: .operational, body: json)
    }

    /// The event's id first, where ``publication(of:)`` looks for it.
    private var json: Data {
        func quoted(_ text: String) -> String {
            let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            let encoded = isPlain ? nil : try? ContractJSON.encode(text)
            return encoded.map { String(decoding: $0, as: UTF8.self) } ?? "\"\(text)\""
        }
        let text = """
            {"event_id":\(quoted(event_id)),"type":"\(type)","call_id":\(quoted(call_id)),"agency":\(quoted(agency)),\
            "incident_type":\(quoted(incident_type)),"priority":\(priority),"received_at":\(quoted(received_at))}
            """
        return Data(text.utf8)
    }

    /// The peers publish no CloudEvents, and their message ids are texts: here it is the event's own.
    static func publication(of message: PendingMessage) -> Publication {
        Publication(
            exchange: message.exchange, routingKey: message.routingKey, body: message.body,
            properties: MessageProperties(
                messageID: eventID(in: message.body) ?? message.messageID.uuidString, contentType: "application/json"))
    }

    private static let beginning = Data("{\"event_id\":\"".utf8)

    private static func eventID(in body: Data) -> String? {
        guard body.starts(with: beginning) else { return nil }
        let rest = body.dropFirst(beginning.count)
        return rest.firstIndex(of: UInt8(ascii: "\"")).map { String(decoding: rest[..<$0], as: UTF8.self) }
    }
}
