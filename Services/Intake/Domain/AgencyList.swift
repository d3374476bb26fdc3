import Contracts
import Yams

/// The agencies whose CADs publish calls, from `agencies.yaml`.
struct AgencyList: Sendable {
    let agencies: [AgencyID]

    /// - Throws: ``ConfigurationProblem`` naming the file and what to mend.
    init(yaml text: String, file: String) throws(ConfigurationProblem) {
        let entries: [Entry]
        do {
            entries = try YAMLDecoder().decode(Document.self, from: text).agencies
        } catch {
            throw ConfigurationProblem(file: file, line: nil, what: "\(error)")
        }
        agencies = entries.map { AgencyID(rawValue: $0.id) }
        for (index, agency) in agencies.enumerated() {
            let isWord = agency.rawValue.wholeMatch(of: /[a-z0-9-]{2,40}/) != nil
            guard isWord, !agencies[..<index].contains(agency) else {
                throw ConfigurationProblem(
                    file: file, line: nil,
                    what: "\(agency) must be unique and of lower-case letters, digits and hyphens")
            }
        }
    }

    private struct Document: Decodable {
        let agencies: [Entry]
    }

    private struct Entry: Decodable {
        let id: String
    }
}
