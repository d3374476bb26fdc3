import Contracts
import Foundation

extension CADCall {
    /// Nil when something required is missing or wrong; `fields` then says what.
    init?(_ fields: inout FieldReader) {
        let number = fields.required("number", longest: 60)
        let version = fields.required("version") { $0.integer($1, in: 1...1_000_000) }
        let status = fields.required("status", longest: 20)
        let typeCode = fields.required("typeCode", longest: 40)
        let receivedAt = fields.required("receivedAt") { $0.time($1) }
        let updatedAt = fields.time("updatedAt")
        let location = fields.required("location") { $0.object($1) { CADLocation(&$0) } }
        if let receivedAt, let updatedAt, updatedAt < receivedAt {
            fields.note("updatedAt", "impossible-time", "A call cannot be updated before it was received.")
        }
        let priority = fields.integer("priority", in: 0...99)
        let flags = fields.words("flags", Flag.self, Fact.self)
        let language = fields.string("language", longest: 35)
        let ageBand = fields.string("ageBand", longest: 20)
        let disposition = fields.string("disposition", longest: 60)
        let narrative = fields.objects("narrative", most: 500) { NarrativeLine(&$0) }
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
        guard fields.problems.isEmpty else { return }
        if (latitude == nil) != (longitude == nil) {
            fields.note(latitude == nil ? "latitude" : "longitude", "missing", "A position needs both coordinates.")
        } else if address == nil && latitude == nil {
            fields.note("address", "missing", "An address or a position is required.")
        }
    }
}

extension NarrativeLine {
    /// A remark without a word in it is left out; one without a text or a time is a mistake.
    fileprivate init?(_ fields: inout FieldReader) {
        let at = fields.required("at") { $0.time($1) }
        let text = fields.string("text", longest: 10_000)
        if !fields.has("text") { fields.missing("text") }
        guard let at, let text else { return nil }
        self.init(at: at, text: text)
    }
}

extension Person {
    fileprivate init?(_ fields: inout FieldReader) {
        let role = fields.required("role", longest: 40)
        let name = fields.string("name")
        let phone = fields.string("phone", longest: 40)
        let ageBand = fields.string("ageBand", longest: 20).map(AgeBand.init(rawValue:))
        let language = fields.string("language", longest: 35)
        guard let role else { return nil }
        self.init(role: role, name: name, phone: phone, ageBand: ageBand, language: language)
    }
}
