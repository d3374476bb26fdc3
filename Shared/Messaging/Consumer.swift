package import AMQP
import Foundation
import ServiceLifecycle

/// Has the messages of a queue handled; what a delivery is, its reading tells. The inbox recognizes what comes again.
package struct Consumer<Handler: EventHandler>: Service {
    let reader: QueueReader
    let processor: Processor<Handler>
    /// Tells what a delivery is. A delivery that is nothing we know is parked.
    let read: @Sendable (Delivery) -> Reading

    package enum Reading: Sendable {
        case envelope(Envelope, Origin)
        case parked(Parked)
    }

    package func run() async throws {
        await reader.run(settle)
    }

    private func settle(_ deliveries: [Delivery]) async throws {
        var envelopes: [Origin: [Envelope]] = [:]
        var parked: [Parked] = []
        for delivery in deliveries {
            switch read(delivery) {
            case .envelope(let envelope, let source): envelopes[source, default: []].append(envelope)
            case .parked(let message): parked.append(message)
            }
        }
        let areSuspect = deliveries.contains(where: \.isSuspect)
        for (source, batch) in envelopes {
            if areSuspect {
                try await processor.processWarily(batch, from: source)
            } else {
                try await processor.process(batch, from: source)
            }
        }
        try await processor.parking.park(parked)
    }
}

extension Consumer.Reading {
    /// Our own events: CloudEvents, told apart by the inbox.
    package static func event(_ delivery: Delivery) -> Self {
        do {
            return .envelope(try Envelope(delivery, now: Date()), .inbox)
        } catch {
            return .parked(Parked(event: delivery, code: error.code, detail: error.detail))
        }
    }
}
