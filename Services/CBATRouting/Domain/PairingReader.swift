import Contracts
import Foundation

/// Reads the pairings of a roster and their shifts.
struct PairingReader {
    let timeZone: TimeZone
    let agencies: [Agency]
    let officers: [Officer]
    let clinicians: [Clinician]

    /// In the order of their ids.
    func pairings(_ list: YAMLValue) throws(RosterProblem) -> [Pairing] {
        var pairings: [Pairing] = []
        for value in try list.list() {
            let pairing = try pairing(value)
            for other in pairings {
                if other.id == pairing.id {
                    throw value.problem("pairing `\(pairing.id)` is there twice", fix: "give each pairing its own id")
                }
                if other.agency == pairing.agency && other.unit == pairing.unit {
                    throw value.problem(
                        "unit `\(pairing.unit)` is also pairing `\(other.id)`",
                        fix: "give each pairing its own call sign")
                }
                if other.shares(personWith: pairing), other.rides(whenever: pairing) {
                    throw value.problem(
                        "somebody of `\(pairing.id)` rides with `\(other.id)` at the same time",
                        fix: "move one of the shifts or name another person")
                }
            }
            pairings.append(pairing)
        }
        return pairings.sorted { $0.id < $1.id }
    }

    private func pairing(_ value: YAMLValue) throws(RosterProblem) -> Pairing {
        _ = try value.entries(known: ["id", "unit", "agency", "officer", "clinician", "home", "shifts"])
        var shifts: [WeeklyShift] = []
        for item in try value.required("shifts").list() { shifts.append(try shift(item)) }
        return Pairing(
            id: try value.required("id").text(), unit: try value.required("unit").text(),
            agency: AgencyID(
                rawValue: try value.required("agency").oneOf(
                    agencies.map(\.id.rawValue), "agency", listedUnder: "agencies")),
            officer: try value.required("officer").oneOf(officers.map(\.id), "officer", listedUnder: "officers"),
            clinician: try value.required("clinician").oneOf(
                clinicians.map(\.id), "clinician", listedUnder: "clinicians"),
            home: Community(
                rawValue: try value.required("home").oneOf(
                    Community.allCases.map(\.rawValue), "community", listedUnder: "travel.within")),
            shifts: shifts)
    }

    private func shift(_ value: YAMLValue) throws(RosterProblem) -> WeeklyShift {
        _ = try value.entries(known: ["days", "from", "to"])
        var days: Set<Weekday> = []
        for day in try value.required("days").list() {
            let name = try day.text()
            guard let weekday = Weekday.allCases.first(where: { $0.abbreviation == name }) else {
                throw day.problem("`\(name)` is not a day", fix: "use mon, tue, wed, thu, fri, sat or sun")
            }
            days.insert(weekday)
        }
        return WeeklyShift(
            days: days, start: try minutes(value.required("from")), end: try minutes(value.required("to")),
            timeZone: timeZone)
    }

    private func minutes(_ value: YAMLValue) throws(RosterProblem) -> Int {
        let text = try value.text()
        guard let match = text.wholeMatch(of: /(\d\d):(\d\d)/), let hour = Int(match.1), let minute = Int(match.2),
            hour < 24, minute < 60
        else { throw value.problem("`\(text)` is not a time of day", fix: "write it in quotes, for example \"07:30\"") }
        return hour * 60 + minute
    }
}

extension Pairing {
    /// Whether two pairs' weekly shifts ever meet. A fortnight shows it: they repeat every week.
    fileprivate func rides(whenever other: Pairing) -> Bool {
        let fortnight = Span(
            start: Date(timeIntervalSince1970: 0), end: Date(timeIntervalSince1970: 14 * 86400))
        let theirs = other.shifts.flatMap { $0.spans(in: fortnight) }
        return shifts.flatMap { $0.spans(in: fortnight) }.contains { mine in theirs.contains { $0.overlaps(mine) } }
    }
}
