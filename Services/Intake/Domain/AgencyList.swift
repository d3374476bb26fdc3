import Contracts

/// The agencies whose CADs publish calls, from `agencies.yaml`.
struct AgencyList: Sendable {
    let agencies: [AgencyID]

    /// - Throws: ``ConfigurationProblem`` naming the file, the line and what to mend.
    init(yaml text: String, file: String) throws(ConfigurationProblem) {
        var agencies: [AgencyID] = []
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
        }
        self.agencies = agencies
    }

    private struct Entry: Decodable {
        let id: String
    }
}
