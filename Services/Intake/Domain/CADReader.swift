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
        guard words.count == 4, words[0] == "cad", !words[1].isEmpty else { throw Unreadable.type(envelope.type) }
        agency = AgencyID(rawValue: words[1])
        sha256 = envelope.data.sha256
        guard case .object(let members)? = try? JSONValue(envelope.data) else {
            messageID = nil
            content = .rejected([
                Receipt.Problem(pointer: "", code: "not-json", detail: "The body is not a JSON object in UTF-8.")
            ])
            return
        }
        var fields = FieldReader(members, at: "")
        messageID = fields.required("messageId", longest: 100)
        if let stated = fields.required("agency", longest: 60), stated != agency.rawValue {
            fields.note("agency", "wrong-agency", "The message came by the key of \(agency), not of this agency.")
        }
        if fields.time("sentAt") == nil && !fields.problems.contains(where: { $0.pointer == "/sentAt" }) {
            fields.missing("sentAt")
        }
        let understood: Content? =
            switch "\(words[2]).\(words[3])" {
            case "call.v1": Self.member("call", of: &fields, CADCall.init(_:)).map(Content.call)
            case "unit-status.v1":
                Self.member("unitStatus", of: &fields, CADUnitStatus.init(_:)).map(Content.unitStatus)
            default: throw Unreadable.type(envelope.type)
            }
        content =
            if let understood, fields.problems.isEmpty { understood } else { .rejected(fields.problems) }
    }

    private static func member<Value>(
        _ name: String, of fields: inout FieldReader, _ read: (inout FieldReader) -> Value?
    ) -> Value? {
        let before = fields.problems.count
        let value = fields.object(name, read)
        if value == nil && fields.problems.count == before { fields.missing(name) }
        return value
    }
}

extension CADCall {
    /// Nil when something required is missing or wrong; `fields` then says what.
    init?(_ fields: inout FieldReader) {
        let number = fields.required("number", longest: 60)
        let version = fields.integer("version", in: 1...1_000_000)
        let status = fields.required("status", longest: 20)
        let typeCode = fields.required("typeCode", longest: 40)
        let receivedAt = fields.time("receivedAt")
        let updatedAt = fields.time("updatedAt")
        let location = fields.object("location") { CADLocation(&$0) }
        for (name, isPresent) in [
            ("version", version != nil), ("receivedAt", receivedAt != nil), ("location", location != nil),
        ] where !isPresent && !fields.problems.contains(where: { $0.pointer.hasPrefix("/call/\(name)") }) {
            fields.missing(name)
        }
        if let receivedAt, let updatedAt, updatedAt < receivedAt {
            fields.note("updatedAt", "impossible-time", "A call cannot be updated before it was received.")
        }
        let priority = fields.integer("priority", in: 0...99)
        let flags = fields.words("flags", Flag.self, Fact.self)
        let language = fields.string("language", longest: 35)
        let ageBand = fields.string("ageBand", longest: 20)
        let disposition = fields.string("disposition", longest: 60)
        let narrative = fields.objects("narrative", most: 500) { line -> NarrativeLine? in
            guard let at = line.time("at"), let text = line.string("text", longest: 10_000) else { return nil }
            return NarrativeLine(at: at, text: text)
        }
        let persons = fields.objects("persons", most: 50) { Person(&$0) }
        guard let number, let version, let status, let typeCode, let receivedAt, let location else { return nil }
        self.init(
            number: number, version: version, status: CallStatus(rawValue: status), typeCode: typeCode,
            priority: priority, receivedAt: receivedAt, updatedAt: updatedAt, location: location, flags: flags,
            language: language, ageBand: ageBand.map(AgeBand.init(rawValue:)), narrative: narrative, persons: persons,
            disposition: disposition)
    }
}

extension CADLocation {
    fileprivate init?(_ fields: inout FieldReader) {
        self.init(
            address: fields.string("address"), city: fields.string("city", longest: 60),
            latitude: fields.number("latitude", in: -90...90), longitude: fields.number("longitude", in: -180...180),
            placeType: fields.string("placeType", longest: 40).map(PlaceType.init(rawValue:)),
            placeName: fields.string("placeName"))
        if (latitude == nil) != (longitude == nil) {
            fields.note(latitude == nil ? "latitude" : "longitude", "missing", "A position needs both coordinates.")
        } else if address == nil && latitude == nil && fields.problems.isEmpty {
            fields.note("address", "missing", "An address or a position is required.")
        }
    }
}

extension Person {
    fileprivate init?(_ fields: inout FieldReader) {
        guard let role = fields.required("role", longest: 40) else { return nil }
        self.init(
            role: role, name: fields.string("name"), phone: fields.string("phone", longest: 40),
            ageBand: fields.string("ageBand", longest: 20).map(AgeBand.init(rawValue:)),
            language: fields.string("language", longest: 35))
    }
}

extension CADUnitStatus {
    init?(_ fields: inout FieldReader) {
        let unit = fields.required("unit", longest: 40)
        let status = fields.required("status", longest: 40)
        let at = fields.time("at")
        if at == nil && !fields.problems.contains(where: { $0.pointer == "/unitStatus/at" }) { fields.missing("at") }
        let callNumber = fields.string("callNumber", longest: 60)
        let callAgency = fields.string("callAgency", longest: 60)
        let reason = fields.string("reason")
        let outcome = fields.object("outcome") { EncounterOutcome(&$0) }
        guard let unit, let status, let at else { return nil }
        self.init(
            unit: unit, status: UnitStatus(rawValue: status), at: at, callNumber: callNumber,
            callAgency: callAgency.map(AgencyID.init(rawValue:)), reason: reason, outcome: outcome)
    }
}

extension EncounterOutcome {
    fileprivate init?(_ fields: inout FieldReader) {
        guard let disposition = fields.required("disposition", longest: 60) else { return nil }
        self.init(
            disposition: Disposition(rawValue: disposition),
            secondary: fields.list("secondary", of: Disposition.self), needs: fields.list("needs", of: Need.self),
            language: fields.string("language", longest: 35),
            ageBand: fields.string("ageBand", longest: 20).map(AgeBand.init(rawValue:)),
            legalStatus: LegalStatus(rawValue: fields.string("legalStatus", longest: 20) ?? "voluntary"),
            consent: Fact(rawValue: fields.string("consent", longest: 20) ?? "unknown"))
    }
}
