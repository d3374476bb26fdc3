import AMQP
import Foundation
import Postgres
import ServiceLifecycle

/// Parks what the broker gave up on, so that a person sees it beside everything else that was set aside, and can have
/// it handled again. What was handled in the meantime is left alone.
package struct DeadLetters: Service {
    let reader: QueueReader
    let parking: Parking

    package func run() async throws {
        await reader.run(preparing: { $0 }, settle)
    }

    private func settle(_ deliveries: [Delivery], _ database: PostgresClient) async throws {
        let parking = parking.on(database)
        var events: [Parking.Letter] = []
        var others: [Parked] = []
        for delivery in deliveries {
            let death = Death(delivery)
            let original = death.original
            let reason = Unreadable(code: "dead-lettered", detail: death.detail)
            if original.exchange != "events" {
                others.append(Parked(original, code: reason.code, detail: reason.detail))
            } else if let envelope = try? Envelope(original, now: Date()) {
                events.append(Parking.Letter(envelope, reason))
            } else {
                others.append(Parked(event: original, code: reason.code, detail: reason.detail))
            }
        }
        try await parking.park(events, from: .inbox)
        try await parking.park(others)
    }
}

/// What the broker notes on a message that it takes out of a queue: `x-death`, the latest first.
private struct Death {
    /// The message as it was before.
    let original: Delivery
    let detail: String

    init(_ delivery: Delivery) {
        let headers = delivery.properties.headers
        var death: [String: HeaderValue] = [:]
        if case .array(let deaths) = headers["x-death"], case .table(let latest) = deaths.first { death = latest }
        var routingKey = delivery.routingKey
        if case .array(let keys) = death["routing-keys"], let key = keys.first?.string { routingKey = key }
        original = Delivery(
            tag: delivery.tag, redelivered: delivery.redelivered,
            exchange: death["exchange"]?.string ?? delivery.exchange, routingKey: routingKey,
            properties: delivery.properties, content: delivery.content)
        let reason = (headers["x-first-death-reason"] ?? death["reason"])?.string ?? "unknown"
        let queue = (headers["x-first-death-queue"] ?? death["queue"])?.string ?? "unknown"
        detail = "The broker took it out of the queue \(queue), where it had come by the key \(routingKey): \(reason)."
    }
}
