import Contracts
import Foundation
import Messaging

/// A CAD's message, understood or not. What is wrong with it is data: the CAD gets it all in its receipt.
struct CADMessage: HandlerInput {
    /// The agency whose key the message came by; the broker lets no other agency use it.
    let agency: AgencyID
    let messageID: String?
    let sha256: String
    let content: Content

    enum Content: Sendable {
        case call(CADCall)
        case unitStatus(CADUnitStatus)
        case rejected([Receipt.Problem])
    }

    init(type: EventType, data: Data) throws {
        throw Unreadable.type(type)
    }

    /// The envelope's type is the routing key, `cad.<agency>.<kind>.v1`.
    init(_ envelope: Envelope) throws {
        let words = envelope.type.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, words[0] == "cad", !words[1].isEmpty, let kind = Kind("\(words[2]).\(words[3])") else {
            throw Unreadable.type(envelope.type)
        }
        agency = AgencyID(rawValue: words[1])
        sha256 = envelope.data.sha256
        do {
            guard case .object(let members) = try JSONReader.read(envelope.data) else {
                throw JSONReader.Fault(
                    problem: .init(pointer: "", code: "wrong-type", detail: "Expected a JSON object."))
            }
            var fields = FieldReader(members, at: "")
            messageID = fields.required("messageId", longest: 100)
            content = Self.content(kind, of: agency, &fields)
        } catch let fault as JSONReader.Fault {
            messageID = nil
            content = .rejected([fault.problem])
        }
    }

    private enum Kind {
        case call
        case unitStatus

        init?(_ text: String) {
            switch text {
            case "call.v1": self = .call
            case "unit-status.v1": self = .unitStatus
            default: return nil
            }
        }
    }

    private static func content(_ kind: Kind, of agency: AgencyID, _ fields: inout FieldReader) -> Content {
        if let stated = fields.required("agency", longest: 60), stated != agency.rawValue {
            fields.note("agency", "wrong-agency", "The message came by the key of \(agency), not of this agency.")
        }
        _ = fields.required("sentAt") { $0.time($1) }
        let understood: Content? =
            switch kind {
            case .call:
                fields.required("call") { $0.object($1) { CADCall(&$0) } }.map(Content.call)
            case .unitStatus:
                fields.required("unitStatus") { $0.object($1) { CADUnitStatus(&$0) } }.map(Content.unitStatus)
            }
        guard let understood, fields.problems.isEmpty else { return .rejected(fields.problems) }
        return understood
    }
}

extension CADMessage {
    /// The call it is about, if it is about one.
    var call: CallID? {
        switch content {
        case .call(let call): CallID(agency: agency, number: call.number)
        case .unitStatus(let status):
            status.callNumber.map { CallID(agency: status.callAgency ?? agency, number: $0) }
        case .rejected: nil
        }
    }

    var callNumber: String? {
        switch content {
        case .call(let call): call.number
        case .unitStatus(let status): status.callNumber
        case .rejected: nil
        }
    }

    var version: Int? {
        if case .call(let call) = content { call.version } else { nil }
    }
}
