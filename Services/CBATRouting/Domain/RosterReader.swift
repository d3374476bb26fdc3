import Contracts
import Crypto
import Foundation

extension Roster {
    /// Reads a roster and checks it whole.
    ///
    /// - Throws: ``RosterProblem`` with the file, the line, what is wrong and what to do about it.
    static func load(yaml text: String, file: String = "roster.yaml") throws(RosterProblem) -> Roster {
        try RosterReader(file: file, text: text).roster()
    }
}

/// Turns the file's YAML into a ``Roster``, refusing whatever it cannot make sense of.
struct RosterReader {
    private let root: YAMLValue
    private let hash: String
    private let text: String

    init(file: String, text: String) throws(RosterProblem) {
        self.text = text
        root = try YAMLValue(file: file, text: text)
        hash = SHA256.hash(data: Data(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    func roster() throws(RosterProblem) -> Roster {
        _ = try root.entries(known: [
            "version", "timeZone", "agencies", "officers", "clinicians", "pairings", "travel", "fairness", "routing",
        ])
        let agencies = try people("agencies", keys: ["id", "name"]) { (item) throws(RosterProblem) in
            Agency(id: AgencyID(rawValue: try item.required("id").text()), name: try item.required("name").text())
        }
        let officers = try people("officers", keys: ["id", "name", "agency", "languages"]) {
            (item) throws(RosterProblem) in
            Officer(
                id: try item.required("id").text(), name: try item.required("name").text(),
                agency: try agency(item, of: agencies), languages: try item.required("languages").texts())
        }
        let clinicians = try people("clinicians", keys: ["id", "name", "agency", "languages", "youth"]) {
            (item) throws(RosterProblem) in
            Clinician(
                id: try item.required("id").text(), name: try item.required("name").text(),
                agency: try agency(item, of: agencies), languages: try item.required("languages").texts(),
                isYouthSpecialist: try item.optional("youth")?.flag() ?? false)
        }
        let pairings = try PairingReader(
            timeZone: timeZone(), agencies: agencies, officers: officers, clinicians: clinicians
        ).pairings(root.required("pairings"))
        return Roster(
            version: try root.required("version").text(), hash: hash, text: text, agencies: agencies,
            officers: officers,
            clinicians: clinicians, pairings: pairings, travel: try travel(), fairness: try fairness(),
            policy: try policy())
    }

    private func people<Item>(
        _ key: String, keys: [String], _ read: (YAMLValue) throws(RosterProblem) -> Item
    ) throws(RosterProblem) -> [Item] {
        var items: [Item] = []
        var ids: Set<String> = []
        for value in try root.required(key).list() {
            _ = try value.entries(known: keys)
            let id = try value.required("id")
            guard ids.insert(try id.text()).inserted else {
                throw id.problem("the id is already taken in `\(key)`", fix: "give each its own id")
            }
            items.append(try read(value))
        }
        return items
    }

    private func agency(_ item: YAMLValue, of agencies: [Agency]) throws(RosterProblem) -> AgencyID {
        AgencyID(
            rawValue: try item.required("agency").oneOf(
                agencies.map(\.id.rawValue), "agency", listedUnder: "agencies"))
    }

    private func timeZone() throws(RosterProblem) -> TimeZone {
        let value = try root.required("timeZone")
        let name = try value.text()
        if let zone = TimeZone(offset: name) ?? TimeZone(identifier: name) { return zone }
        throw value.problem(
            "`\(name)` is not a time zone", fix: "write `America/Los_Angeles`, or an offset such as `-08:00`")
    }

    private func travel() throws(RosterProblem) -> TravelModel {
        let travel = try root.required("travel")
        _ = try travel.entries(known: ["within", "legs", "facilities"])
        var within: [Community: Int] = [:]
        for (key, value) in try travel.required("within").entries(known: Self.communities) {
            within[Community(rawValue: key)] = try value.integer(in: 0...120)
        }
        var legs: [TravelModel.Leg] = []
        for value in try travel.required("legs").list() {
            _ = try value.entries(known: ["id", "between", "minutes", "closedMinutes"])
            let ends = try value.required("between")
            let between = try ends.texts().map(Community.init(rawValue:))
            guard between.count == 2, between[0] != between[1], between.allSatisfy({ within[$0] != nil }) else {
                throw ends.problem(
                    "`between` does not name two communities of `within`", fix: "write for example [beaumont, banning]")
            }
            let id = try value.required("id")
            let name = try id.text()
            guard !legs.contains(where: { $0.id == name }) else {
                throw id.problem("leg `\(name)` is there twice", fix: "give each leg its own id")
            }
            legs.append(
                TravelModel.Leg(
                    id: name, between: between, minutes: try value.required("minutes").integer(in: 1...240),
                    closedMinutes: try value.optional("closedMinutes")?.integer(in: 1...600)))
        }
        var facilities: [TravelModel.Facility] = []
        for value in try travel.required("facilities").list() {
            _ = try value.entries(known: ["id", "name", "city", "via", "minutes"])
            facilities.append(
                TravelModel.Facility(
                    id: try value.required("id").text(), name: try value.required("name").text(),
                    city: try value.required("city").text(),
                    via: Community(
                        rawValue: try value.required("via").oneOf(
                            within.keys.map(\.rawValue), "community", listedUnder: "travel.within")),
                    minutes: try value.required("minutes").integer(in: 1...240)))
        }
        return TravelModel(within: within, legs: legs, facilities: facilities)
    }

    private func fairness() throws(RosterProblem) -> FairnessTargets {
        let fairness = try root.required("fairness")
        _ = try fairness.entries(known: ["shares", "countsAs", "windowDays", "priorMinutes"])
        let list = try fairness.required("shares")
        var shares: [Community: Double] = [:]
        for (key, value) in try list.entries(known: Self.communities) {
            shares[Community(rawValue: key)] = try value.number(in: 0...1)
        }
        let sum = shares.values.reduce(0, +)
        guard abs(sum - 1) < 0.001 else {
            throw list.problem("the shares sum to \(sum)", fix: "make them sum to 1")
        }
        var countsAs: [Community: Community] = [:]
        for (key, value) in try fairness.optional("countsAs")?.entries(known: Self.communities) ?? [] {
            countsAs[Community(rawValue: key)] = Community(
                rawValue: try value.oneOf(
                    shares.keys.map(\.rawValue).sorted(), "community", listedUnder: "fairness.shares"))
        }
        return FairnessTargets(
            shares: shares, countsAs: countsAs, windowDays: try fairness.required("windowDays").integer(in: 1...366),
            priorMinutes: try fairness.required("priorMinutes").integer(in: 1...10000))
    }

    private func policy() throws(RosterProblem) -> RoutingPolicy {
        let routing = try root.required("routing")
        _ = try routing.entries(known: [
            "offerWindowSeconds", "silenceMinutes", "minimumScore", "deferWithinHours", "fairnessMinutes",
            "languageMinutes", "officerLanguageMinutes", "youthMinutes",
        ])
        return RoutingPolicy(
            offerWindowSeconds: try routing.required("offerWindowSeconds").integer(in: 10...3600),
            silenceMinutes: try routing.required("silenceMinutes").integer(in: 15...1440),
            minimumScore: try routing.required("minimumScore").integer(in: 1...1000),
            deferWithinHours: try routing.required("deferWithinHours").integer(in: 1...336),
            fairnessMinutes: try routing.required("fairnessMinutes").integer(in: 0...240),
            languageMinutes: try routing.required("languageMinutes").integer(in: 0...240),
            officerLanguageMinutes: try routing.required("officerLanguageMinutes").integer(in: 0...240),
            youthMinutes: try routing.required("youthMinutes").integer(in: 0...240))
    }

    private static let communities = Community.allCases.filter { $0 != .outside }.map(\.rawValue)
}

extension YAMLValue {
    /// A reference to something named elsewhere in the file.
    func oneOf(_ names: [String], _ what: String, listedUnder list: String) throws(RosterProblem) -> String {
        let name = try text()
        guard names.contains(name) else {
            throw problem(
                "there is no \(what) `\(name)`",
                fix: "use one of \(names.joined(separator: ", ")), or add it to `\(list)`")
        }
        return name
    }
}

extension TimeZone {
    /// `-08:00` or `+00:00`.
    fileprivate init?(offset text: String) {
        guard text.wholeMatch(of: /[+-]\d\d:\d\d/) != nil, let hours = Int(text.dropFirst().prefix(2)),
            let minutes = Int(text.suffix(2)), hours < 15, minutes < 60
        else { return nil }
        self.init(secondsFromGMT: (text.first == "-" ? -1 : 1) * (hours * 60 + minutes) * 60)
    }
}
