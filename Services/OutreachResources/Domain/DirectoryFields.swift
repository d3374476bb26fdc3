import Contracts
import Foundation
import Yams

/// One mapping of a directory file, read field by field. Whatever is missing or of the wrong kind is thrown as a
/// ``DirectoryProblem`` with the line and the fix; a field nobody asked for is a typing error and is thrown by ``end()``.
struct DirectoryFields {
    let file: String
    let line: Int?
    private let fields: [String: Node]
    private var read: Set<String> = []

    init(_ node: Node, file: String) throws(DirectoryProblem) {
        guard let mapping = node.mapping else {
            throw DirectoryProblem(
                file: file, line: node.mark?.line, problem: "expected fields", fix: "write `name: value` lines here")
        }
        self.file = file
        line = node.mark?.line
        fields = Dictionary(
            mapping.compactMap { key, value in key.string.map { ($0, value) } }, uniquingKeysWith: { first, _ in first }
        )
    }

    func problem(_ what: String, at node: Node? = nil, fix: String) -> DirectoryProblem {
        DirectoryProblem(file: file, line: node?.mark?.line ?? line, problem: what, fix: fix)
    }

    mutating func text(_ key: String) throws(DirectoryProblem) -> String {
        guard let text = try optionalText(key), !text.isEmpty else {
            throw problem("`\(key)` is missing", fix: "add `\(key): …`")
        }
        return text
    }

    mutating func optionalText(_ key: String) throws(DirectoryProblem) -> String? {
        guard let node = take(key) else { return nil }
        guard let scalar = node.scalar else {
            throw problem("`\(key)` is not a text", at: node, fix: "write one value after `\(key):`")
        }
        return scalar.string
    }

    mutating func value<Value>(
        _ key: String, _ expected: String, _ read: (String) -> Value?
    ) throws(DirectoryProblem) -> Value {
        guard let value = try optionalValue(key, expected, read) else {
            throw problem("`\(key)` is missing", fix: "add `\(key): <\(expected)>`")
        }
        return value
    }

    mutating func optionalValue<Value>(
        _ key: String, _ expected: String, _ read: (String) -> Value?
    ) throws(DirectoryProblem) -> Value? {
        guard let text = try optionalText(key) else { return nil }
        guard let value = read(text) else {
            throw problem("`\(key): \(text)` is not \(expected)", at: fields[key], fix: "write \(expected)")
        }
        return value
    }

    mutating func id(_ key: String = "id") throws(DirectoryProblem) -> UUID {
        try value(key, "a UUID") { UUID(uuidString: $0) }
    }

    /// A list of one vocabulary's words; a word it does not know is refused, because nothing would ever match it.
    mutating func words<Word: OpenEnumeration>(
        _ key: String, _ type: Word.Type = Word.self
    ) throws(DirectoryProblem) -> [Word]? {
        guard take(key) != nil else { return nil }
        var words: [Word] = []
        for node in try nodes(key) {
            let word = Word(rawValue: node.string ?? "")
            guard word.isKnown else {
                let known = Word.allCases.map { "\($0)" }.joined(separator: ", ")
                throw problem("`\(key)` has an unknown word `\(word)`", at: node, fix: "use one of \(known)")
            }
            words.append(word)
        }
        return words
    }

    mutating func texts(_ key: String) throws(DirectoryProblem) -> [String] {
        try nodes(key).compactMap(\.string)
    }

    /// The elements of a list; none when the field is absent.
    mutating func nodes(_ key: String) throws(DirectoryProblem) -> [Node] {
        guard let node = take(key) else { return [] }
        guard let sequence = node.sequence else {
            throw problem("`\(key)` is not a list", at: node, fix: "write `- …` lines, or [a, b]")
        }
        return Array(sequence)
    }

    /// A mapping inside this one; nil when absent.
    mutating func nested(_ key: String) throws(DirectoryProblem) -> DirectoryFields? {
        guard let node = take(key) else { return nil }
        return try DirectoryFields(node, file: file)
    }

    func end() throws(DirectoryProblem) {
        guard let unknown = fields.keys.filter({ !read.contains($0) }).sorted().first else { return }
        throw problem("unknown field `\(unknown)`", at: fields[unknown], fix: "remove it or correct its name")
    }

    private mutating func take(_ key: String) -> Node? {
        read.insert(key)
        guard let node = fields[key], node.null == nil else { return nil }
        return node
    }
}
