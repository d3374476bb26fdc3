import Yams

/// A value in a YAML file that knows where it stands, so whatever is wrong with it can be said with its line.
struct YAMLValue {
    let node: Node
    let file: String
    /// How a person would point at it: `pairings[2].shifts`.
    let path: String

    init(file: String, text: String) throws(RosterProblem) {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw RosterProblem(file: file, line: nil, problem: "the file is empty", fix: "write a roster")
            }
            self.init(node: node, file: file, path: "")
        } catch let problem as RosterProblem {
            throw problem
        } catch let YamlError.scanner(_, problem, mark, _), let YamlError.parser(_, problem, mark, _) {
            throw RosterProblem(
                file: file, line: mark.line, problem: "this is not YAML: \(problem)",
                fix: "mend indentation or quotes on this line or the one before")
        } catch {
            throw RosterProblem(file: file, line: nil, problem: "this is not YAML: \(error)", fix: "mend the syntax")
        }
    }

    private init(node: Node, file: String, path: String) {
        self.node = node
        self.file = file
        self.path = path
    }

    func problem(_ problem: String, fix: String) -> RosterProblem {
        RosterProblem(file: file, line: node.mark?.line, problem: problem, fix: fix)
    }

    /// The keys' values in the order of the file.
    ///
    /// - Parameter known: the keys there may be; another one is a typing error, not a wish to be ignored.
    func entries(known: [String]? = nil) throws(RosterProblem) -> [(key: String, value: YAMLValue)] {
        guard let mapping = node.mapping else { throw expected("keys with values") }
        var entries: [(key: String, value: YAMLValue)] = []
        for (name, value) in mapping {
            let key = name.string ?? ""
            let place = YAMLValue(node: name, file: file, path: path)
            if let known, !known.contains(key) {
                throw place.problem("unknown key `\(key)`", fix: "use one of \(known.joined(separator: ", "))")
            }
            if entries.contains(where: { $0.key == key }) {
                throw place.problem("key `\(key)` occurs twice", fix: "keep one of them")
            }
            entries.append((key, YAMLValue(node: value, file: file, path: path.isEmpty ? key : "\(path).\(key)")))
        }
        return entries
    }

    func optional(_ key: String) -> YAMLValue? {
        guard let value = node.mapping?[key] else { return nil }
        return YAMLValue(node: value, file: file, path: path.isEmpty ? key : "\(path).\(key)")
    }

    func required(_ key: String) throws(RosterProblem) -> YAMLValue {
        guard let value = optional(key) else {
            throw problem("\(path.isEmpty ? "the file" : "`\(path)`") has no `\(key)`", fix: "add `\(key):`")
        }
        return value
    }

    func list() throws(RosterProblem) -> [YAMLValue] {
        guard let sequence = node.sequence else { throw expected("a list") }
        return sequence.enumerated().map { YAMLValue(node: $1, file: file, path: "\(path)[\($0)]") }
    }

    func text() throws(RosterProblem) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else { throw expected("a text") }
        return text
    }

    func texts() throws(RosterProblem) -> [String] {
        var texts: [String] = []
        for value in try list() { texts.append(try value.text()) }
        return texts
    }

    func flag() throws(RosterProblem) -> Bool {
        guard let flag = node.bool else { throw expected("true or false") }
        return flag
    }

    func integer(in range: ClosedRange<Int>) throws(RosterProblem) -> Int {
        guard let number = node.int, range.contains(number) else {
            throw expected("a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(in range: ClosedRange<Double>) throws(RosterProblem) -> Double {
        guard let number = node.float, range.contains(number) else {
            throw expected("a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func expected(_ what: String) -> RosterProblem {
        problem("\(path.isEmpty ? "the file" : "`\(path)`") is not \(what)", fix: "write \(what) here")
    }
}
