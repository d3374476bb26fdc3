import Contracts
import Foundation
import Postgres

/// Messages that are handled in one transaction, each read once.
struct Batch<Input: HandlerInput>: Sendable {
    let envelopes: [Envelope]
    let source: Origin
    /// Tries that retried messages had before.
    let attempts: [UUID: Int]
    private let readings: [Reading]

    private enum Reading: Sendable {
        case message(Message<Input>)
        case unreadable(Unreadable)
    }

    init(_ envelopes: [Envelope], source: Origin, attempts: [UUID: Int], now: Date) {
        self.envelopes = envelopes
        self.source = source
        self.attempts = attempts
        readings = envelopes.map { Self.read($0, at: now) }
    }

    /// The part that is this transaction's to handle, in the order of arrival. Of the same id twice, the first counts,
    /// unless the handler tells duplicates apart by itself.
    func fresh(_ claimed: Set<UUID>) -> Fresh {
        var fresh = Fresh()
        var open = claimed
        for (envelope, reading) in zip(envelopes, readings) {
            guard source == .handler || open.remove(envelope.id) != nil else { continue }
            switch reading {
            case .message(let message): fresh.messages.append((envelope, message))
            case .unreadable(let reason): fresh.unreadable.append((envelope, reason))
            }
        }
        return fresh
    }

    struct Fresh {
        var messages: [(envelope: Envelope, message: Message<Input>)] = []
        var unreadable: [(Envelope, Unreadable)] = []
        var isEmpty: Bool { messages.isEmpty && unreadable.isEmpty }
    }

    private static func read(_ envelope: Envelope, at now: Date) -> Reading {
        do {
            return .message(
                Message(
                    id: envelope.id, body: try Input(envelope), handledAt: now, correlation: envelope.correlation,
                    trace: envelope.trace))
        } catch let reason as Unreadable {
            return .unreadable(reason)
        } catch {
            return .unreadable(Unreadable(code: "undecodable", detail: "\(error)"))
        }
    }
}

/// What a transaction is to write besides the handler's own state.
struct Effects {
    var outgoing: [OutgoingMessage] = []
    var timers: [(DueTimer, Cause)] = []
    var cancelledTimers: [UUID] = []
    var retries: [Waiting.Retry] = []
    var parked: [Parked] = []

    mutating func add(_ items: [Outgoing], of envelope: Envelope, at handledAt: Date) throws {
        let cause = Cause(
            id: envelope.id, handledAt: handledAt, correlation: envelope.correlation, trace: envelope.trace)
        for item in items {
            switch item {
            case .event(let event): outgoing.append(try OutgoingMessage(event, causedBy: cause))
            case .direct(let message): outgoing.append(OutgoingMessage(message, causedBy: cause))
            case .timer(let timer): timers.append((timer, cause))
            case .cancelTimer(let id): cancelledTimers.append(id)
            case .park(let code, let detail): parked.append(Parked(envelope, code: code, detail: detail))
            }
        }
    }

    mutating func put(off envelope: Envelope, because refusal: Refusal, attempts: Int) {
        if refusal.waitingHelps && attempts <= Waiting.delays.count {
            retries.append(Waiting.Retry(envelope: envelope, refusal: refusal, attempts: attempts))
        } else {
            parked.append(Parked(envelope, code: refusal.code, detail: refusal.detail))
        }
    }

    /// Enqueued, not awaited: all of it travels with the commit.
    func write(to transaction: Transaction) {
        Outbox(transaction: transaction).append(outgoing)
        let waiting = Waiting(transaction: transaction)
        waiting.cancelTimers(cancelledTimers)
        waiting.set(timers)
        waiting.retryLater(retries)
        waiting.park(parked)
    }
}
