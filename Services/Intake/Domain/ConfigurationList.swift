import Yams

/// The entries of a YAML file's one list, each with the line it begins on.
struct ConfigurationList<Entry: Decodable> {
    let entries: [(line: Int?, value: Entry)]

    /// - Throws: ``ConfigurationProblem`` naming the file, the line and what to mend.
    init(_ name: String, yaml text: String, file: String) throws(ConfigurationProblem) {
        func problem(_ line: Int?, _ what: String) -> ConfigurationProblem {
            ConfigurationProblem(file: file, line: line, what: what)
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let YamlError.scanner(_, what, mark, _), let YamlError.parser(_, what, mark, _) {
            throw problem(mark.line, "is not YAML (\(what)); mend indentation or quotes here or on the line before")
        } catch {
            throw problem(nil, "is not YAML: \(error)")
        }
        guard let list = root?.mapping?[name]?.sequence, !list.isEmpty else {
            throw problem(root?.mark?.line, "needs a list `\(name)` with an entry at least")
        }
        var entries: [(line: Int?, value: Entry)] = []
        for item in list {
            do {
                entries.append((item.mark?.line, try YAMLDecoder().decode(Entry.self, from: item)))
            } catch let DecodingError.keyNotFound(key, _) {
                throw problem(item.mark?.line, "an entry of `\(name)` needs `\(key.stringValue)`")
            } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
                let path = context.codingPath.map(\.stringValue).joined(separator: ".")
                throw problem(item.mark?.line, "`\(path)` of this entry of `\(name)` has a value of the wrong kind")
            } catch {
                throw problem(item.mark?.line, "this entry of `\(name)` cannot be read: \(error)")
            }
        }
        self.entries = entries
    }
}
