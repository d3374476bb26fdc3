import Contracts
import Foundation

/// One message of a CAD, and what is wrong with it if something is.
struct SampleMessage: Sendable {
    let at: Date
    let agency: AgencyID
    let kind: String
    let call: CallID?
    let body: Data
    let mischief: Mischief?

    init(at: Date, agency: AgencyID, kind: String, call: CallID?, body: Data, mischief: Mischief?) {
        self.at = at
        self.agency = agency
        self.kind = kind
        self.call = call
        self.body = body
        self.mischief = mischief
    }

    init(
        at: Date, agency: AgencyID, kind: String, call: CallID?, body: some Encodable, mischief: Mischief?
    ) {
        self.init(
            at: at, agency: agency, kind: kind, call: call, body: (try? ContractJSON.encode(body)) ?? Data(),
            mischief: mischief)
    }

    var routingKey: String { "cad.\(agency).\(kind)" }
}

/// What dispatch systems really do: send again, send late, send nonsense.
enum Mischief: String, CaseIterable, Sendable {
    case resent = "sent twice"
    case late = "older version sent after a newer one"
    case notJSON = "cut off in the middle"
    case missingField = "required field missing"
    case wrongAgency = "another agency named inside"
    case impossibleTime = "updated before it was received"

    /// The outcome that the receipt must state.
    var expected: Receipt.Outcome {
        switch self {
        case .resent: .duplicate
        case .late: .stale
        case .notJSON, .missingField, .wrongAgency, .impossibleTime: .rejected
        }
    }

    static func disturb(_ messages: [SampleMessage], _ random: inout SeededRandom) -> [SampleMessage] {
        var disturbed: [SampleMessage] = []
        for message in messages {
            if random.chance(5), let late = late(message, messages) {
                disturbed.append(late)
                continue
            }
            disturbed.append(message)
            if random.chance(6) { disturbed.append(copy(message, after: 45, as: .resent)) }
            if random.chance(5) {
                let kinds: [Mischief] = [.notJSON, .missingField, .wrongAgency, .impossibleTime]
                if let broken = broken(message, random.pick(kinds)) { disturbed.append(broken) }
            }
        }
        return disturbed.sorted { $0.at < $1.at }
    }

    /// The first version overtaken by the second.
    private static func late(_ message: SampleMessage, _ messages: [SampleMessage]) -> SampleMessage? {
        let versions = messages.filter { $0.call == message.call }
        guard versions.count > 1, versions[0].body == message.body else { return nil }
        return SampleMessage(
            at: versions[1].at + 20, agency: message.agency, kind: message.kind, call: message.call,
            body: message.body, mischief: .late)
    }

    private static func copy(_ message: SampleMessage, after seconds: Double, as mischief: Mischief) -> SampleMessage {
        SampleMessage(
            at: message.at + seconds, agency: message.agency, kind: message.kind, call: message.call,
            body: message.body, mischief: mischief)
    }

    /// A broken twin, sent before the real message, under an id of its own.
    private static func broken(_ message: SampleMessage, _ mischief: Mischief) -> SampleMessage? {
        guard var twin = try? ContractJSON.decode(CADCallMessage.self, from: message.body) else { return nil }
        twin.messageId += "-broken"
        var body = (try? ContractJSON.encode(twin)) ?? Data()
        switch mischief {
        case .notJSON: body = body.prefix(body.count / 2)
        case .missingField:
            var object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
            var call = object["call"] as? [String: Any] ?? [:]
            call["typeCode"] = nil
            object["call"] = call
            body = (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? Data()
        case .wrongAgency:
            twin.agency = "somewhere-else-pd"
            body = (try? ContractJSON.encode(twin)) ?? Data()
        case .impossibleTime:
            twin.call.updatedAt = twin.call.receivedAt - 7200
            body = (try? ContractJSON.encode(twin)) ?? Data()
        case .resent, .late: return nil
        }
        return SampleMessage(
            at: message.at - 5, agency: message.agency, kind: message.kind, call: nil, body: body, mischief: mischief)
    }
}
