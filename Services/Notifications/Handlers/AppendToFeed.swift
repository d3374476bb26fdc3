import Contracts
import Foundation
import Messaging
import Postgres

/// Any event, as it came.
struct AnyEvent: HandlerInput {
    let envelope: Envelope
    let content: JSONTree

    init(type: EventType, data: Data) throws {
        throw Unreadable.type(type)
    }

    init(_ envelope: Envelope) throws {
        guard EventType(envelope.type) != nil else { throw Unreadable.type(envelope.type) }
        self.envelope = envelope
        do {
            content = try JSONTree(envelope.data)
        } catch {
            throw Unreadable(code: "undecodable", detail: "The event is not a JSON object.")
        }
    }
}

/// Appends every event to the feed's ledger, once, in the order of commits, with the policy then in force.
struct AppendToFeed: EventHandler {
    let policy: DisclosurePolicy

    struct State: Sendable {
        var last: Int
        var appended: [(position: Int, event: AnyEvent, at: Date)] = []
        /// Calls whose person's answer became known.
        var consents: [UUID: (consent: Fact, at: Date)] = [:]
    }

    func load(_ batch: [Message<AnyEvent>], in transaction: Transaction) async throws -> State {
        State(last: try await FeedStore(transaction: transaction).lockHead())
    }

    func decide(_ message: Message<AnyEvent>, _ state: inout State) throws(Refusal) -> [Outgoing] {
        state.last += 1
        state.appended.append((state.last, message.body, message.handledAt))
        if message.body.envelope.type == EncounterCleared.type.description,
            let call = message.body.content.text("assignment.call").flatMap(UUID.init(uuidString:)),
            let consent = message.body.content.text("outcome.consent")
        {
            let at = message.body.envelope.time ?? message.handledAt
            if let known = state.consents[call], known.at > at { return [] }
            state.consents[call] = (Fact(rawValue: consent), at)
        }
        return []
    }

    func save(_ state: State, in transaction: Transaction) async throws {
        try FeedStore(transaction: transaction).append(state, policy)
    }
}
