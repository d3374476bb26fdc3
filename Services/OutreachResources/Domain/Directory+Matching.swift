import Contracts
import Foundation

extension Directory {
    /// The services that may serve this person, best first. Need, age, area and legal status decide *whether*; hours,
    /// language and the latest capacity observation, weighed by its age, decide the *order*. The same question gets
    /// the same answer: ties go to the lower id.
    func matches(_ query: MatchQuery, capacity: [UUID: CapacityObservation] = [:]) -> [Match] {
        services
            .filter { $0.mayServe(query) }
            .map { $0.ranked(for: query, capacity: capacity[$0.id]) }
            .sorted { ($1.score, $0.service.id) < ($0.score, $1.service.id) }
    }
}

extension ResourceService {
    func mayServe(_ query: MatchQuery) -> Bool {
        status == "active" && needs.contains(query.need) && !query.excluding.contains(id)
            && admits(query.ageBand) && serves(query.community) && accepts(query.legalStatus)
    }

    func admits(_ band: AgeBand?) -> Bool {
        guard let years = band?.years else { return true }
        return years.overlaps((minimumAge ?? 0)...(max(minimumAge ?? 0, maximumAge ?? 150)))
    }

    func serves(_ community: Community?) -> Bool {
        guard let community, !communities.isEmpty else { return true }
        return communities.contains(community)
    }

    func accepts(_ status: LegalStatus?) -> Bool {
        guard let status else { return true }
        return legalStatuses.contains(status)
    }

    func isOpen(at date: Date) -> Bool? {
        hours.isEmpty ? nil : hours.contains { $0.isOpen(at: date) }
    }

    func speaks(_ language: String) -> Bool {
        let wanted = language.lowercased().split(separator: "-").first
        return languages.contains { $0.lowercased().split(separator: "-").first == wanted }
    }

    fileprivate func ranked(for query: MatchQuery, capacity: CapacityObservation?) -> Match {
        var score = 0
        var reasons: [String] = []
        func count(_ points: Int, _ reason: String) {
            score += points
            reasons.append(reason)
        }

        if let language = query.language {
            if speaks(language) {
                count(30, "speaks \(language)")
            } else if interprets {
                count(10, "interpreter for \(language)")
            } else {
                count(-30, "nobody speaks \(language)")
            }
        }
        switch isOpen(at: query.at) {
        case true?: count(20, "open now")
        case false?: count(-10, "closed now")
        case nil: reasons.append("hours unknown")
        }
        if !communities.isEmpty, query.community != nil { count(5, "serves the community") }
        if let capacity, let level = capacity.level {
            let points = level == .full ? -40.0 : level == .few ? 15 : 25
            let hours = Int(capacity.age(at: query.at) / 3600)
            count(
                Int((points * capacity.weight(at: query.at)).rounded()),
                "\(level) \(hours) h ago, says \(capacity.source)")
        } else {
            reasons.append("capacity unknown: phone first")
        }
        return Match(service: self, score: score, reasons: reasons, capacity: capacity)
    }
}

extension AgeBand {
    /// Whole years; nil for a band this version does not know.
    var years: ClosedRange<Int>? {
        switch self {
        case .child: 0...12
        case .youth: 13...17
        case .adult: 18...59
        case .olderAdult: 60...120
        default: nil
        }
    }
}
