import AMQP
import Contracts
import Foundation
import Messaging
import TestSupport
import Testing
@testable import Intake

/// What comes from outside is read or refused, whatever it is: no trap, no endless loop, nothing kept.
@Suite("Wrong inputs")
struct DecoderTests {
    @Test("what the strict JSON reader takes is JSON for Foundation too")
    func json() throws {
        let campaign = Campaign(name: "JSON", corpus: try Corpus.golden() + Corpus.edges())
        campaign.run(share: 6) { input in
            guard let value = try? JSONReader.read(Data(input)), !value.isBeyondDouble else { return }
            _ = try JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
        }
    }

    @Test("a CAD's message is understood, and written the same again, or answered in words that can be stored")
    func cadMessages() throws {
        let campaign = Campaign(name: "CAD messages", corpus: try Corpus.golden(startingWith: "cad.") + Corpus.edges())
        campaign.run(share: 4) { input in
            for kind in ["call", "unit-status"] {
                let key = "cad.beaumont-pd.\(kind).v1"
                let message = try CADMessage(
                    Envelope(id: .v5("fuzz", key), type: key, data: Data(input), trace: Self.trace))
                switch message.content {
                case .call(let call): try check(call)
                case .unitStatus(let status): try check(status)
                case .rejected(let problems):
                    guard !problems.isEmpty else { throw Broken("rejected without a reason") }
                    try check(problems)
                }
            }
        }
    }

    @Test("an event of any type is read, and written the same again, or refused")
    func events() throws {
        for event in Catalog.events {
            let corpus = try Corpus.golden(startingWith: event.type.description)
            let campaign = Campaign(name: event.type.description, corpus: corpus)
            campaign.run(share: 3 * Catalog.events.count) { input in
                try check(event, Data(input))
            }
        }
    }

    @Test("headers make an envelope with an id that the inbox can tell apart, or are unreadable")
    func envelopes() throws {
        let now = Date()
        let headers = [
            "ce-id": UUID.v7().uuidString.lowercased(), "ce-type": "triage.call.triaged.v1", "ce-specversion": "1.0",
            "ce-source": "/copps/triage", "ce-partitionkey": UUID().uuidString, "ce-correlationid": UUID().uuidString,
            "ce-causationid": UUID.v7().uuidString, "ce-time": ContractJSON.timestamp(now),
            "ce-dataclassification": "operational", "traceparent": Self.trace.traceparent,
        ]
        let names = headers.keys.sorted()
        var random = SeededRandom(seed: Campaign.seed, for: "names")
        let campaign = Campaign(name: "headers", corpus: names.map { Array(headers[$0, default: ""].utf8) })
        campaign.run(share: 6) { input in
            var values = headers.mapValues(HeaderValue.string)
            let name = names.randomElement(using: &random) ?? ""
            values[name] = Self.value(input, &random)
            let delivery = Delivery(
                tag: 1, redelivered: false, exchange: "events", routingKey: "triage.call.triaged.v1.s00",
                properties: MessageProperties(headers: values), content: .body(Data(input)))
            do {
                let envelope = try Envelope(delivery, now: now)
                guard envelope.id.v7Time != nil, EventType(envelope.type)?.description == envelope.type else {
                    throw Broken("an envelope that nobody can tell apart")
                }
            } catch is Unreadable {}
        }
    }

    @Test("a traceparent is read as it is written, or not at all; so is an event's type")
    func names() {
        let texts = [Self.trace.traceparent, "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"]
        Campaign(name: "traceparent", corpus: texts.map { Array($0.utf8) }).run(share: 12) { input in
            guard let trace = TraceContext(traceparent: String(decoding: input, as: UTF8.self)) else { return }
            guard TraceContext(traceparent: trace.traceparent) == trace else { throw Broken(trace.traceparent) }
        }
        let types = Catalog.events.map { Array($0.type.description.utf8) }
        Campaign(name: "event type", corpus: types).run(share: 12) { input in
            let text = String(decoding: input, as: UTF8.self)
            if let type = EventType(text), type.description != text { throw Broken(type.description) }
        }
    }

    private static let trace = TraceContext.root()

    private static func value(_ input: [UInt8], _ random: inout SeededRandom) -> HeaderValue? {
        let text = String(decoding: input, as: UTF8.self)
        switch random.number(0...9) {
        case 0: return nil
        case 1: return .int(input.count)
        case 2: return .bytes(Data(input))
        case 3: return .array([.string(text), .null])
        case 4: return .table([text: .double(.nan)])
        default: return .string(text)
        }
    }
}

/// What can be written can be read, and written again to the same bytes; and a database takes it.
private func check<Value: Codable>(_ value: Value) throws {
    let written = try ContractJSON.encode(value)
    guard try ContractJSON.encode(ContractJSON.decode(Value.self, from: written)) == written else {
        throw Broken("written differently: \(String(decoding: written, as: UTF8.self))")
    }
    let escapes = String(decoding: written, as: UTF8.self).replacing(#"\\"#, with: "")
    guard !escapes.contains(#"\u0000"#) else { throw Broken("U+0000 in text") }
}

private func check<Event: DomainEvent>(_ type: Event.Type, _ data: Data) throws {
    guard let event = try? ContractJSON.decode(type, from: data) else { return }
    _ = (event.partitionKey, event.correlation)
    let written = try ContractJSON.encode(event)
    guard try ContractJSON.encode(ContractJSON.decode(type, from: written)) == written else {
        throw Broken("written differently: \(String(decoding: written, as: UTF8.self))")
    }
}

extension JSONValue {
    /// Whether a number in it is too large for a `Double`, which Foundation refuses.
    fileprivate var isBeyondDouble: Bool {
        switch self {
        case .number(let number): !number.isFinite
        case .array(let items): items.contains(where: \.isBeyondDouble)
        case .object(let members): members.values.contains(where: \.isBeyondDouble)
        default: false
        }
    }
}
