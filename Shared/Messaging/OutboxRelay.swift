import AMQP
import Contracts
import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Threading

/// Publishes what the service's transactions left in the outbox, in their order, and forgets each message only after
/// the broker has confirmed it.
///
/// One relay a schema leads, by an advisory lock of the very session that deletes: a relay that lost its session cannot
/// delete, so it can at worst publish twice, which every inbox recognizes. It never follows a cursor over ids: what is
/// pending is what is in the table.
///
/// Order is kept per partition key, except that a message which the broker refuses (a full queue) may be overtaken by
/// those already sent behind it: whoever acts on a version compares versions.
package struct OutboxRelay: Service {
    let service: ServiceName
    let database: PostgresConfiguration
    let broker: AMQPConfiguration
    let wakeup: Wakeup
    let pace: Pace
    /// What goes on the wire for a message of the ledger.
    let publication: @Sendable (PendingMessage) -> Publication
    let logger: Logger

    private static let confirmDeadline = Duration.seconds(15)
    private static let drainLimit = Duration.seconds(5)
    private static let refusalLimit = Duration.seconds(5)

    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            var course = RelayCourse()
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                do {
                    try await lead(&course)
                } catch {
                    if Task.isShuttingDownGracefully || Task.isCancelled { break }
                    logger.warning("relay reconnects", metadata: ["error": "\(error)"])
                    if let message = course.blame(error) {
                        report(message, "\(error)")
                        course.backoff.reset()  // it is the message that waits longer each time
                    }
                    await course.backoff.pause()
                }
            }
        } onCancelOrGracefulShutdown: {
            wakeup.wake()
        }
    }

    private func lead(_ course: inout RelayCourse) async throws {
        var configuration = database
        configuration.settings.merge(RelayStore.sessionSettings) { $1 }
        // Session and channel take turns, so they share a thread, and the relay works on it.
        let thread = OwnThread(name: "relay")
        let session = try await PostgresConnection.open(configuration, on: thread)
        do {
            let store = RelayStore(session: session)
            while try await !store.takeLead() {
                await wakeup.sleep(upTo: .seconds(1))
                if Task.isShuttingDownGracefully || Task.isCancelled { return await session.close() }
            }
            let channel = try await AMQPConnection.open(broker, on: thread)
            do {
                try await channel.enableConfirms()
                logger.info("relay leads")
                try await publish(store, channel, &course, on: session)
            } catch {
                await channel.close()
                throw error
            }
            await channel.close()
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    /// Two batches in flight: the next is read and published while the broker still confirms the one before.
    private func publish(
        _ store: RelayStore, _ channel: AMQPConnection, _ course: inout RelayCourse,
        on session: isolated PostgresConnection
    ) async throws {
        var flights: [Flight] = []
        var outcome = RelayStore.Outcome()
        var cursor = 0
        var refusedSince: ContinuousClock.Instant?
        var drainDeadline: ContinuousClock.Instant?
        while true {
            if Task.isShuttingDownGracefully && drainDeadline == nil { drainDeadline = .now + Self.drainLimit }
            var pending: [PendingMessage] = []
            if flights.isEmpty || !course.isWary {
                pending = try await store.pending(
                    limit: course.isWary ? 1 : pace.window, except: course.underWay.map(\.id),
                    heldKeys: course.heldKeys, noting: outcome)
                outcome = RelayStore.Outcome()
            }
            if let drainDeadline, ContinuousClock.now > drainDeadline { return }
            // A channel that was opened while a queue had lost its leader may look for it at a dead node for ever.
            if let refusedSince, ContinuousClock.now - refusedSince > Self.refusalLimit { throw StillRefused() }
            if Mutation.cursorOutbox.isChosen {
                pending.removeAll { $0.id <= cursor }
                cursor = pending.last?.id ?? cursor
            }
            pending = course.send(pending)
            if !pending.isEmpty {
                let tag = try await channel.send(pending.map(publication))
                flights.append(Flight(messages: pending, lastTag: tag))
            }
            if let first = flights.first, flights.count == 2 || pending.isEmpty || course.isWary {
                let patience = drainDeadline.map { min($0 - .now, Self.confirmDeadline) } ?? Self.confirmDeadline
                let rejected = try await channel.confirmations(through: first.lastTag, within: patience)
                outcome = settle(first, rejected, &course.held)
                flights.removeFirst()
                course.settle(first.messages)
                if rejected.values.contains(.nacked) {
                    refusedSince = refusedSince ?? .now
                } else if course.held.isEmpty {
                    refusedSince = nil
                }
                course.backoff.reset()
            } else if flights.isEmpty {
                if drainDeadline != nil { return }
                await wakeup.sleep(upTo: course.held.current.isEmpty ? .milliseconds(250) : .milliseconds(50))
                // A connection that was lost is replaced before there is something to say.
                if await !channel.isBlocked { try await channel.send([]) }
            }
        }
    }

    private func settle(
        _ flight: Flight, _ rejected: [UInt64: Rejection], _ held: inout HeldKeys
    ) -> RelayStore.Outcome {
        var outcome = RelayStore.Outcome()
        for (message, tag) in zip(flight.messages, flight.firstTag...) {
            if let rejection = rejected[tag] {
                outcome.refused.append(message.id)
                held.hold(message.partitionKey, for: message.id)
                report(message, "\(rejection)")
            } else {
                outcome.confirmed.append(message.id)
                held.release(message.partitionKey, after: message.id)
            }
        }
        return outcome
    }

    private func report(_ message: PendingMessage, _ why: String) {
        Counter(label: "relay_rejected_total", dimensions: [("service", service.rawValue)]).increment()
        logger.warning(
            "message not taken by the broker",
            metadata: ["message": "\(message.messageID)", "type": "\(message.type)", "why": "\(why)"])
    }

    /// What one channel was refused so long, another may be allowed.
    private struct StillRefused: Error {}

    private struct Flight {
        let messages: [PendingMessage]
        let lastTag: UInt64
        var firstTag: UInt64 { lastTag + 1 - UInt64(messages.count) }
    }
}
