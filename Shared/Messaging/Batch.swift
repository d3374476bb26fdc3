import Contracts
import Foundation
import Postgres

/// Messages that are handled in one transaction, each read once.
struct Batch<Input: HandlerInput>: Sendable {
    let envelopes: [Envelope]
    let source: Origin
    private let readings: [Reading]

    private enum Reading: Sendable {
        case input(Input)
        case unreadable(Unreadable)
    }

    init(_ envelopes: [Envelope], source: Origin) {
        self.envelopes = envelopes
        self.source = source
        readings = envelopes.map(Self.read)
    }

    /// The messages with these ids, in the order of arrival, to be handled now. Of the same id twice, the first counts,
    /// unless the handler tells duplicates apart by itself.
    func part(_ ids: Set<UUID>, at now: Date) -> Part {
        var part = Part()
        var open = ids
        for (envelope, reading) in zip(envelopes, readings) {
            guard source == .handler || open.remove(envelope.id) != nil else { continue }
            switch reading {
            case .input(let input):
                let message = Message(
                    id: envelope.id, body: input, handledAt: now, correlation: envelope.correlation,
                    trace: envelope.trace)
                part.messages.append((envelope, message))
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

    private static func read(_ envelope: Envelope) -> Reading {
        do {
            return .input(try Input(envelope))
        } catch let reason as Unreadable {
            return .unreadable(reason)
        } catch {
            return .unreadable(Unreadable(code: "undecodable", detail: "\(error)"))
        }
    }
}
