import Foundation

/// An event's content as a tree whose leaves have paths: `call.location.address`, `call.persons`.
///
/// Arrays are leaves: a list is shown whole or not at all; so are null and `{}`. A name's own `~` and `.` are written
/// `~0` and `~1` in a path, so that no name can pass for a path.
struct JSONTree: Sendable, Equatable {
    private(set) var leaves: [String: Data]

    init(leaves: [String: Data] = [:]) {
        self.leaves = leaves
    }

    /// Throws for bytes that are not a JSON object.
    init(_ data: Data) throws {
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { throw NotAnObject() }
        leaves = [:]
        try collect(object, under: [])
    }

    struct NotAnObject: Error {}

    func filter(_ isIncluded: (String) -> Bool) -> JSONTree {
        JSONTree(leaves: leaves.filter { isIncluded($0.key) })
    }

    func merging(_ other: JSONTree) -> JSONTree {
        JSONTree(leaves: leaves.merging(other.leaves) { first, _ in first })
    }

    func text(_ path: String) -> String? {
        leaves[path].flatMap { try? JSONSerialization.jsonObject(with: $0, options: .fragmentsAllowed) as? String }
    }

    /// A list of texts; nil for anything else.
    func texts(_ path: String) -> [String]? {
        leaves[path].flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String] }
    }

    /// The JSON object again, keys sorted.
    var data: Data {
        get throws {
            var root = Node()
            for (path, leaf) in leaves {
                root.insert(leaf, at: path.split(separator: ".", omittingEmptySubsequences: false).map(Self.name)[...])
            }
            return try root.write()
        }
    }

    private mutating func collect(_ object: [String: Any], under path: [String]) throws {
        for (key, value) in object {
            let path = path + [Self.word(key)]
            if let nested = value as? [String: Any], !nested.isEmpty {
                try collect(nested, under: path)
            } else {
                leaves[path.joined(separator: ".")] = try Self.json(value)
            }
        }
    }

    private static func json(_ value: Any) throws -> Data {
        // Most are plain texts, which need quotes and nothing else.
        if let text = value as? String, text.utf8.allSatisfy(isPlain) { return Data("\"\(text)\"".utf8) }
        return try JSONSerialization.data(
            withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func word(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: ".") }) else { return name }
        return name.replacing("~", with: "~0").replacing(".", with: "~1")
    }

    private static func name(_ word: Substring) -> String {
        guard word.utf8.contains(UInt8(ascii: "~")) else { return String(word) }
        return String(word).replacing("~1", with: ".").replacing("~0", with: "~")
    }

    private struct Node {
        var leaf: Data?
        var children: [String: Node] = [:]

        mutating func insert(_ data: Data, at path: ArraySlice<String>) {
            guard let first = path.first else {
                leaf = data
                return
            }
            children[first, default: Node()].insert(data, at: path.dropFirst())
        }

        func write() throws -> Data {
            if let leaf { return leaf }
            var data = Data("{".utf8)
            for (index, child) in children.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { data.append(UInt8(ascii: ",")) }
                data.append(try JSONTree.json(child.key))
                data.append(UInt8(ascii: ":"))
                data.append(try child.value.write())
            }
            data.append(UInt8(ascii: "}"))
            return data
        }
    }
}
