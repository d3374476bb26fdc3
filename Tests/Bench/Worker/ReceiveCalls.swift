import Contracts
import Foundation
import Messaging
import Postgres

/// Stores each call and announces it; what is no call goes to the dead letters.
struct ReceiveCalls: EventHandler {
    let exchange: String

    func load(_ batch: [Message<WorkloadMessage>], in transaction: Transaction) -> [WorkloadCall] { [] }

    func decide(_ message: Message<WorkloadMessage>, _ calls: inout [WorkloadCall]) -> [Outgoing] {
        switch message.body {
        case .call(let call):
            calls.append(call)
            return [.direct(CallReceivedEvent(call).message(to: exchange, about: message.id))]
        case .bad(let data):
            return [
                .direct(
                    DirectMessage(
                        exchange: "", routingKey: "cad.dlq", type: "cad.call.refused", partitionKey: message.id,
                        classification: .operational, body: data))
            ]
        }
    }

    func save(_ calls: [WorkloadCall], in transaction: Transaction) {
        guard !calls.isEmpty else { return }
        transaction.enqueue(
            """
            insert into calls (id, agency, incident_type, priority, address, lat, lon, received_at, payload)
            select * from unnest(
                \(calls.map(\.id)), \(calls.map(\.agency)), \(calls.map(\.incidentType)), \(calls.map(\.priority)),
                \(calls.map(\.address)), \(calls.map(\.latitude)), \(calls.map(\.longitude)),
                \(calls.map(\.receivedAt)), \(calls.map { JSONB(bytes: $0.json) }))
            """)
    }
}
