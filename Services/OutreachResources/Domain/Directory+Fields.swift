import Contracts
import Foundation

// Each entry of a directory file, spelled with the HSDS names.

extension Taxonomy {
    init(_ fields: inout DirectoryFields, terms: [Term]) throws(DirectoryProblem) {
        id = try fields.id()
        name = try fields.text("name")
        description = try fields.text("description")
        self.terms = terms
        try fields.end()
    }
}

extension Taxonomy.Term {
    init(_ fields: inout DirectoryFields) throws(DirectoryProblem) {
        id = try fields.id()
        need = try fields.value("code", "one of \(Need.allCases.map { "\($0)" }.joined(separator: ", "))") { text in
            let need = Need(rawValue: text)
            return need.isKnown ? need : nil
        }
        name = try fields.text("name")
        description = try fields.text("description")
    }
}

extension Organization {
    init(_ fields: inout DirectoryFields) throws(DirectoryProblem) {
        id = try fields.id()
        name = try fields.text("name")
        description = try fields.text("description")
        email = try fields.optionalText("email")
        website = try fields.optionalText("website")
        partner = try fields.optionalText("partner")
    }
}

extension Site {
    init(_ fields: inout DirectoryFields) throws(DirectoryProblem) {
        id = try fields.id()
        name = try fields.text("name")
        kind = try fields.value("location_type", "physical, postal or virtual") { text in
            ["physical", "postal", "virtual"].contains(text) ? text : nil
        }
        latitude = try fields.optionalValue("latitude", "degrees from -90 to 90") { text in
            Double(text).flatMap { (-90.0...90).contains($0) ? $0 : nil }
        }
        longitude = try fields.optionalValue("longitude", "degrees from -180 to 180") { text in
            Double(text).flatMap { (-180.0...180).contains($0) ? $0 : nil }
        }
        if var nested = try fields.nested("address") {
            address = try Address(&nested)
        } else {
            address = nil
        }
    }
}

extension Site.Address {
    init(_ fields: inout DirectoryFields) throws(DirectoryProblem) {
        line = try fields.text("address_1")
        city = try fields.text("city")
        state = try fields.text("state_province")
        postalCode = try fields.text("postal_code")
        country = try fields.text("country")
        try fields.end()
    }
}

extension ResourceService {
    init(_ fields: inout DirectoryFields, timeZone: TimeZone) throws(DirectoryProblem) {
        id = try fields.id()
        organization = try fields.id("organization_id")
        name = try fields.text("name")
        description = try fields.text("description")
        let statuses = ["active", "inactive", "defunct", "temporarily closed"]
        status = try fields.value("status", "active, inactive, defunct or temporarily closed") { text in
            statuses.contains(text) ? text : nil
        }
        guard let needs = try fields.words("taxonomy_terms", Need.self), !needs.isEmpty else {
            throw fields.problem("`taxonomy_terms` is missing", fix: "add `taxonomy_terms: [crisis]`")
        }
        self.needs = needs
        minimumAge = try fields.optionalValue("minimum_age", "whole years", DirectoryFields.years)
        maximumAge = try fields.optionalValue("maximum_age", "whole years", DirectoryFields.years)
        if let minimumAge, let maximumAge, maximumAge < minimumAge {
            throw fields.problem("`maximum_age` is below `minimum_age`", fix: "swap or correct them")
        }
        eligibility = try fields.optionalText("eligibility_description")
        languages = try fields.texts("languages")
        interprets = try fields.optionalValue("interprets", "true or false", Bool.init) ?? false
        legalStatuses = try fields.words("legal_statuses", LegalStatus.self) ?? [.voluntary]
        communities = try fields.words("service_areas", Community.self) ?? []
        var hours: [OpeningHours] = []
        for node in try fields.nodes("schedules") {
            var nested = try DirectoryFields(node, file: fields.file)
            let id = UUID.v5("schedule", id.uuidString, "\(hours.count)")
            hours.append(try OpeningHours(&nested, id: id, timeZone: timeZone))
        }
        self.hours = hours
        applicationProcess = try fields.optionalText("application_process")
        phone = try fields.optionalText("phone")
        email = try fields.optionalText("email")
        website = try fields.optionalText("url")
        capacityUnit = try fields.optionalText("capacity_unit")
        lastModified = try fields.value("last_modified", "a time such as 2026-10-01T09:00:00Z", ContractJSON.date)
        var sites: [ServiceAtSite] = []
        for node in try fields.nodes("service_at_locations") {
            var nested = try DirectoryFields(node, file: fields.file)
            sites.append(ServiceAtSite(id: try nested.id(), location: try nested.id("location_id")))
            try nested.end()
        }
        self.sites = sites
    }
}

extension OpeningHours {
    init(_ fields: inout DirectoryFields, id: UUID, timeZone: TimeZone) throws(DirectoryProblem) {
        let days = try fields.value("byday", "days such as MO,TU,FR") { text -> [Weekday]? in
            let days = text.split(separator: ",").map { Weekday($0.trimmingCharacters(in: .whitespaces)) }
            return days.isEmpty || days.contains(nil) ? nil : days.compactMap(\.self)
        }
        let opens = try fields.value("opens_at", "a quoted time such as \"09:00\"", DirectoryFields.minutes)
        let closes = try fields.value("closes_at", "a quoted time such as \"17:30\"", DirectoryFields.minutes)
        try fields.end()
        self.init(id: id, days: days, opens: opens, closes: closes, timeZone: timeZone)
    }
}

extension DirectoryFields {
    static func years(_ text: String) -> Int? {
        Int(text).flatMap { (0...150).contains($0) ? $0 : nil }
    }

    /// Minutes after midnight of `HH:MM`, up to 24:00.
    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...24).contains(hour),
            (0...59).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
