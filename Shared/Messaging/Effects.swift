import Contracts
import Foundation
import Postgres

/// What a transaction is to write besides the handler's own state.
struct Effects {
    private var outgoing: [OutgoingMessage] = []
    /// The last word on each timer: nil cancels it.
    private var timers: [UUID: Waiting.Timer?] = [:]
    private(set) var retries: [Waiting.Retry] = []
    private(set) var parked: [Parked] = []

    mutating func add(_ items: [Outgoing], of envelope: Envelope, at handledAt: Date) throws {
        let cause = Cause(
            id: envelope.id, handledAt: handledAt, correlation: envelope.correlation, trace: envelope.trace)
        for item in items {
            switch item {
            case .event(let event): outgoing.append(try OutgoingMessage(event, causedBy: cause))
            case .direct(let message): outgoing.append(OutgoingMessage(message, causedBy: cause))
            case .timer(let timer): timers[timer.id] = .some(Waiting.Timer(timer: timer, cause: cause))
            case .cancelTimer(let id): timers[id] = .some(nil)
            case .park(let code, let detail): park(envelope, Unreadable(code: code, detail: detail))
            }
        }
    }

    mutating func park(_ envelope: Envelope, _ reason: Unreadable) {
        parked.append(Parked(envelope, code: reason.code, detail: reason.detail))
    }

    /// - Parameter attempts: how often it was tried, this time included.
    mutating func put(off envelope: Envelope, because refusal: Refusal, attempts: Int) {
        if refusal.waitingHelps && attempts <= Waiting.delays.count {
            retries.append(Waiting.Retry(envelope: envelope, refusal: refusal, attempts: attempts))
        } else {
            park(envelope, Unreadable(code: refusal.code, detail: refusal.detail))
        }
    }

    /// Enqueued, not awaited: all of it travels with the commit.
    func write(to transaction: Transaction) {
        Outbox(transaction: transaction).append(outgoing)
        let waiting = Waiting(transaction: transaction)
        waiting.withdrawTimers(Array(timers.keys))
        waiting.set(timers.values.compactMap(\.self))
        waiting.retryLater(retries)
        waiting.park(parked)
    }
}
