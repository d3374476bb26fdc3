import Contracts
import Foundation
import Yams

extension Directory {
    /// Reads and checks a directory file. Throws every problem at once, each with its line and its fix; a directory
    /// that loads has no dangling reference, no id twice, and only words that matching knows.
    static func load(
        yaml: String, file: String = "directory.yaml", hash: String = ""
    ) throws(DirectoryProblems) -> Directory {
        var reader = DirectoryReader(file: file)
        guard let directory = reader.read(yaml, hash: hash), reader.problems.isEmpty else {
            throw DirectoryProblems(problems: reader.problems)
        }
        return directory
    }
}

/// Goes through a directory file and collects what is wrong with it.
private struct DirectoryReader {
    let file: String
    var problems: [DirectoryProblem] = []
    private var seen: [UUID: Int] = [:]

    init(file: String) {
        self.file = file
    }

    mutating func read(_ yaml: String, hash: String) -> Directory? {
        guard let root = compose(yaml) else { return nil }
        return noting { reader throws(DirectoryProblem) in
            var fields = try DirectoryFields(root, file: reader.file)
            let version = try fields.text("version")
            let timeZone = try fields.value("timeZone", "a time zone such as America/Los_Angeles") {
                TimeZone(identifier: $0)
            }
            guard var taxonomy = try fields.nested("taxonomy") else {
                throw fields.problem("`taxonomy` is missing", fix: "add `taxonomy:` with id, name, description, terms")
            }
            let terms = try reader.each("terms", of: &taxonomy, Taxonomy.Term.init)
            let organizations = try reader.each("organizations", of: &fields, Organization.init)
            let locations = try reader.each("locations", of: &fields, Site.init)
            let services = try reader.each("services", of: &fields) { fields throws(DirectoryProblem) in
                let service = try ResourceService(&fields, timeZone: timeZone)
                guard organizations.contains(where: { $0.id == service.organization }) else {
                    throw fields.problem(
                        "`organization_id` names no organization", fix: "use the id of one under `organizations`")
                }
                for site in service.sites where !locations.contains(where: { $0.id == site.location }) {
                    throw fields.problem("`location_id` names no location", fix: "use the id of one under `locations`")
                }
                for need in service.needs where !terms.contains(where: { $0.need == need }) {
                    throw fields.problem("`\(need)` is not in the taxonomy", fix: "add the term under `taxonomy`")
                }
                return service
            }
            try fields.end()
            return Directory(
                version: version, hash: hash, taxonomy: try Taxonomy(&taxonomy, terms: terms),
                organizations: organizations, locations: locations, services: services)
        }
    }

    private mutating func compose(_ yaml: String) -> Node? {
        do {
            if let root = try Yams.compose(yaml: yaml) { return root }
            note(line: 1, "the file is empty", fix: "start from deploy/config/directory.yaml")
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                note(line: mark.line, "not YAML: \(problem)", fix: "check indentation, colons and quotes on this line")
            default:
                note(line: nil, "not YAML: \(error)", fix: "check indentation, colons and quotes")
            }
        } catch {
            note(line: nil, "not YAML: \(error)", fix: "check indentation, colons and quotes")
        }
        return nil
    }

    /// Reads each element of a list; a bad element is noted and the others still read. An id may be given once.
    private mutating func each<Element>(
        _ key: String, of parent: inout DirectoryFields,
        _ read: (inout DirectoryFields) throws(DirectoryProblem) -> Element
    ) throws(DirectoryProblem) -> [Element] {
        var elements: [Element] = []
        for node in try parent.nodes(key) {
            let element = noting { reader throws(DirectoryProblem) in
                var fields = try DirectoryFields(node, file: reader.file)
                let id = try fields.id()
                if let line = reader.seen.updateValue(fields.line ?? 0, forKey: id) {
                    throw fields.problem("`id` is already used on line \(line)", fix: "give each entry its own UUID")
                }
                let element = try read(&fields)
                try fields.end()
                return element
            }
            if let element { elements.append(element) }
        }
        return elements
    }

    private mutating func noting<Value>(
        _ body: (inout DirectoryReader) throws(DirectoryProblem) -> Value
    ) -> Value? {
        do {
            return try body(&self)
        } catch {
            problems.append(error)
            return nil
        }
    }

    private mutating func note(line: Int?, _ problem: String, fix: String) {
        problems.append(DirectoryProblem(file: file, line: line, problem: problem, fix: fix))
    }
}
