import Contracts

extension CADUnitStatus {
    /// Nil when something required is missing or wrong; `fields` then says what.
    init?(_ fields: inout FieldReader) {
        let unit = fields.required("unit", longest: 40)
        let status = fields.required("status", longest: 40)
        let at = fields.required("at") { $0.time($1) }
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
        let disposition = fields.required("disposition", longest: 60)
        let secondary = fields.list("secondary", of: Disposition.self)
        let needs = fields.list("needs", of: Need.self)
        let language = fields.string("language", longest: 35)
        let ageBand = fields.string("ageBand", longest: 20).map(AgeBand.init(rawValue:))
        let legalStatus = LegalStatus(rawValue: fields.string("legalStatus", longest: 20) ?? "voluntary")
        let consent = Fact(rawValue: fields.string("consent", longest: 20) ?? "unknown")
        guard let disposition else { return nil }
        self.init(
            disposition: Disposition(rawValue: disposition), secondary: secondary, needs: needs, language: language,
            ageBand: ageBand, legalStatus: legalStatus, consent: consent)
    }
}
