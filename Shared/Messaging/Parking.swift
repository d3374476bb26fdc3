import Foundation
import Logging
import Metrics
import Postgres
import Contracts

/// Sets messages aside, each with its reason.
struct Parking: Sendable {
    let service: ServiceName
    private(set) var database: PostgresClient
    let logger: Logger

    func on(_ database: PostgresClient) -> Self {
        var parking = self
        parking.database = database
        return parking
    }

    /// A message that could be handled and shall not be.
    struct Letter {
        let envelope: Envelope
        let reason: Unreadable

        init(_ envelope: Envelope, _ reason: Unreadable) {
            (self.envelope, self.reason) = (envelope, reason)
        }
    }

    /// Parks what is still to be handled among these; what was handled before, or is in other hands, is left alone.
    func park(_ letters: [Letter], from source: Origin) async throws {
        guard !letters.isEmpty else { return }
        let parked = try await database.transaction { transaction in
            let inbox = Inbox(transaction: transaction)
            let claimed = try await inbox.claim(letters.map(\.envelope), from: source)
            let parked = letters.filter { claimed.contains($0.envelope.id) }
                .map { Parked($0.envelope, code: $0.reason.code, detail: $0.reason.detail) }
            Waiting(transaction: transaction).park(parked)
            inbox.mark(parked.map(\.id), .parked)
            return parked
        }
        report(parked)
    }

    /// Parks messages that never became an ``Envelope``.
    func park(_ messages: [Parked]) async throws {
        guard !messages.isEmpty else { return }
        try await database.transaction { transaction in
            Inbox(transaction: transaction).note(parked: messages)
            Waiting(transaction: transaction).park(messages)
        }
        report(messages)
    }

    /// To be called when it is committed.
    func report(_ messages: [Parked]) {
        for message in messages {
            Counter(label: "parked_total", dimensions: [("service", service.rawValue), ("code", message.code)])
                .increment()
            logger.error(
                "message parked",
                metadata: ["message": "\(message.id)", "type": "\(message.type)", "code": "\(message.code)"])
        }
    }
}
