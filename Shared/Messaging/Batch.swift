import Contracts
import Foundation
import Postgres

/// Messages that are handled in one transaction, each read once.
struct Batch<Input: HandlerInput>: Sendable {
    let envelopes: [Envelope]
    let source: Origin
    private let readings: [Reading]

    private enum Reading: Sendable {
        case message(Message<Input>)
        case unreadable(Unreadable)
    }

    init(_ envelopes: [Envelope], source: Origin, now: Date) {
        self.envelopes = envelopes
        self.source = source
        readings = envelopes.map { Self.read($0, at: now) }
    }

    /// The messages with these ids, in the order of arrival. Of the same id twice, the first counts, unless the handler
    /// tells duplicates apart by itself.
    func part(_ ids: Set<UUID>) -> Part {
        var part = Part()
        var open = ids
        for (envelope, reading) in zip(envelopes, readings) {
            guard source == .handler || open.remove(envelope.id) != nil else { continue }
            switch reading {
            case .message(let message): part.messages.append((envelope, message))
            case .unreadable(let reason): part.unreadable.append((envelope, reason))
            }
        }
        return part
    }

    struct Part {
        var messages: [(envelope: Envelope, message: Message<Input>)] = []
        var unreadable: [(envelope: Envelope, reason: Unreadable)] = []
        var count: Int { messages.count + unreadable.count }
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
