import Contracts

/// The agencies whose CADs publish calls, from `agencies.yaml`.
struct AgencyList: Sendable {
    let agencies: [AgencyID]
    /// An agency's own community, for a call whose place tells none.
    let communities: [AgencyID: Community]

    /// - Throws: ``ConfigurationProblem`` naming the file, the line and what to mend.
    init(yaml text: String, file: String) throws(ConfigurationProblem) {
        var agencies: [AgencyID] = []
        var communities: [AgencyID: Community] = [:]
        for (line, entry) in try ConfigurationList<Entry>("agencies", yaml: text, file: file).entries {
            guard entry.id.wholeMatch(of: /[a-z0-9-]{2,40}/) != nil else {
                throw ConfigurationProblem(
                    file: file, line: line,
                    what: "the id \(entry.id) must be of 2 to 40 lower-case letters, digits and hyphens")
            }
            let agency = AgencyID(rawValue: entry.id)
            guard !agencies.contains(agency) else {
                throw ConfigurationProblem(file: file, line: line, what: "repeats agency \(agency); remove one of them")
            }
            agencies.append(agency)
            guard let community = entry.community.map(Community.init(rawValue:)) else { continue }
            guard community.isKnown else {
                let known = Community.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationProblem(
                    file: file, line: line, what: "\(community) is not a community; use one of \(known)")
            }
            communities[agency] = community
        }
        self.agencies = agencies
        self.communities = communities
    }

    private struct Entry: Decodable {
        let id: String
        let community: String?
    }
}
