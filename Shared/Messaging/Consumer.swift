package import AMQP
import Foundation
import Postgres
import ServiceLifecycle

/// Has the messages of a queue, or of a subscription's partitions, handled. What a delivery is, its reading tells.
package struct Consumer<Handler: EventHandler>: Service {
    let source: Source
    let processor: Processor<Handler>
    /// Tells what a delivery is. A delivery that is nothing we know is parked.
    let read: @Sendable (Delivery) -> Reading

    enum Source: Sendable {
        case queue(QueueReader)
        case partitions(PartitionReader)
    }

    package enum Reading: Sendable {
        case envelope(Envelope, Origin)
        case parked(Parked)
    }

    package func run() async throws {
        switch source {
        case .queue(let reader): await reader.run(preparing: read, settle)
        case .partitions(let reader):
            await reader.run(preparing: { (deliveries: [Delivery]) in read(deliveries) }, { try await settle($0, $1) })
        }
    }

    /// Deliveries, as far as they are read before their turn.
    private struct Work: Sendable {
        var batches: [Batch<Handler.Input>] = []
        /// Read no further than their envelopes: what is in them may kill the process, and that they were begun is
        /// noted first.
        var suspects: [(source: Origin, envelopes: [Envelope])] = []
        var parked: [Parked] = []
    }

    private func read(_ deliveries: [Delivery]) -> Work {
        var work = Work()
        var envelopes: [Origin: [Envelope]] = [:]
        for delivery in deliveries {
            switch read(delivery) {
            case .envelope(let envelope, let source): envelopes[source, default: []].append(envelope)
            case .parked(let message): work.parked.append(message)
            }
        }
        for (source, envelopes) in envelopes {
            if deliveries.contains(where: \.isSuspect) {
                work.suspects.append((source, envelopes))
            } else {
                work.batches.append(processor.batch(envelopes, from: source))
            }
        }
        return work
    }

    private func settle(_ work: Work, _ database: PostgresClient) async throws {
        let processor = processor.on(database)
        for batch in work.batches { try await processor.process(batch) }
        for (source, envelopes) in work.suspects { try await processor.processWarily(envelopes, from: source) }
        try await processor.parking.park(work.parked)
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
