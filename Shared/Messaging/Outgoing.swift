package import Contracts
package import Foundation

/// What a decision brings about. It is written in the deciding transaction, so what was not committed cannot happen.
package enum Outgoing: Sendable {
    case event(any DomainEvent)
    /// A message that is not an event of the catalog: a receipt for a CAD.
    case direct(DirectMessage)
    case timer(DueTimer)
    case cancelTimer(UUID)
    /// Sets the present message aside with its bytes, beside whatever else was decided about it.
    case park(code: String, detail: String)
}

/// A message to one named place rather than to whoever subscribes.
package struct DirectMessage: Sendable {
    package let exchange: String
    package let routingKey: String
    package let type: String
    package let partitionKey: UUID
    package let classification: DataClassification
    package let body: Data

    package init(
        exchange: String, routingKey: String, type: String, partitionKey: UUID, classification: DataClassification,
        body: Data
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.type = type
        self.partitionKey = partitionKey
        self.classification = classification
        self.body = body
    }
}

/// A message to oneself at a later domain time. Its id is the message's id, so it is handled once.
package struct DueTimer: Sendable {
    package let id: UUID
    package let kind: String
    package let due: Date
    package let partitionKey: UUID
    package let data: Data

    package init(id: UUID, kind: String, due: Date, partitionKey: UUID, data: Data = Data("{}".utf8)) {
        self.id = id
        self.kind = kind
        self.due = due
        self.partitionKey = partitionKey
        self.data = data
    }

    static func type(ofKind kind: String) -> String { "timer.\(kind)" }

    static func kind(ofType type: String) -> String? {
        type.hasPrefix("timer.") ? String(type.dropFirst("timer.".count)) : nil
    }
}
