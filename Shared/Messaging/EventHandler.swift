package import Postgres

/// What a service does with its messages. Batches from the broker, HTTP commands, retries and timers all go through the
/// same three steps, in one transaction.
package protocol EventHandler: Sendable {
    associatedtype Input: HandlerInput
    associatedtype State: Sendable

    /// Reads, set-based, all the state that the batch touches, and locks it in id order.
    func load(_ batch: [Message<Input>], in transaction: Transaction) async throws -> State

    /// Decides one message. Pure: no clock, no network, no random, so that deciding again gives the same. A refusal costs
    /// this message alone: what it did to the state is undone.
    func decide(_ message: Message<Input>, _ state: inout State) throws(Refusal) -> [Outgoing]

    /// Writes, set-based, what the batch changed.
    func save(_ state: State, in transaction: Transaction) async throws
}

/// A handler's no. From the broker the message is retried when waiting can help and parked otherwise; over HTTP the
/// caller is told.
package struct Refusal: Error, Sendable, Equatable {
    /// A stable kebab-case word for programs.
    package let code: String
    package let detail: String
    package let waitingHelps: Bool

    package static func refused(_ code: String, _ detail: String) -> Self {
        Self(code: code, detail: detail, waitingHelps: false)
    }

    package static func notYet(_ code: String, _ detail: String) -> Self {
        Self(code: code, detail: detail, waitingHelps: true)
    }
}
