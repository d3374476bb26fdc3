import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Finds the pair for each call that CBAT answers, follows it to the end, and names who answers next.
///
/// Guarantees: at most one active assignment a call, a pair, an officer and a clinician; a call that was taken up
/// always has exactly one owner; what was decided can be decided again from what was kept.
struct RouteCalls: EventHandler {
    let roster: Reloadable<Roster>

    func load(_ batch: [Message<RoutingInput>], in transaction: Transaction) async throws -> RoutingState {
        try await RoutingStore(transaction: transaction).state(for: batch, roster.current)
    }

    func decide(_ message: Message<RoutingInput>, _ state: inout RoutingState) throws(Refusal) -> [Outgoing] {
        var turn = Turn(at: message.handledAt, state: state, id: message.derivedID)
        switch message.body {
        case .triaged(let triaged): turn.take(triaged)
        case .unitStatus(let status): try turn.take(status)
        case .offerExpired(let offer): turn.take(offer)
        case .silent(let silence): turn.take(silence)
        case .command(let command): try turn.take(command)
        case .exception(let exception): try turn.take(exception)
        case .withdrawal(let exception): try turn.withdraw(exception)
        case .closure(let closure): try turn.take(closure)
        }
        state = turn.state
        return turn.outgoing
    }

    func save(_ state: RoutingState, in transaction: Transaction) async throws {
        try RoutingStore(transaction: transaction).save(state)
    }
}
