import AMQP
import Contracts
import Foundation
import Messaging

extension CADMessage {
    /// A CAD's message ids are foreign text, so the message goes by its routing key and bytes; what was handled before
    /// the handler tells by itself. Content over 256 KiB never reached memory: it is parked as its size and hash.
    static func reading(_ delivery: Delivery) -> Consumer<ReceiveCADMessages>.Reading {
        guard case .body(let data) = delivery.content else {
            return .parked(
                Parked(delivery, code: "too-large", detail: "A CAD message may have 256 KiB at most; split it."))
        }
        return .envelope(
            Envelope(
                id: .v5("cad", delivery.routingKey, data.sha256), type: delivery.routingKey, data: data,
                trace: TraceContext(traceparent: delivery.properties.headers["traceparent"]?.string) ?? .root()),
            .handler)
    }
}
