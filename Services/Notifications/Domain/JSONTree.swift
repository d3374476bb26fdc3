import Foundation

/// An event's content as a tree whose leaves have paths: `call.location.address`, `call.persons`.
///
/// Arrays are leaves: a list is shown whole or not at all.
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

    /// The JSON object again, keys sorted.
    var data: Data {
        get throws {
            var root = Node()
            for (path, leaf) in leaves { root.insert(leaf, at: path.split(separator: ".").map(String.init)[...]) }
            return root.data
        }
    }

    private mutating func collect(_ object: [String: Any], under path: [String]) throws {
        for (key, value) in object {
            let path = path + [key]
            if let nested = value as? [String: Any], !nested.isEmpty {
                try collect(nested, under: path)
            } else {
                leaves[path.joined(separator: ".")] = try JSONSerialization.data(
                    withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
            }
        }
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

        var data: Data {
            if let leaf { return leaf }
            var data = Data("{".utf8)
            for (index, child) in children.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { data.append(UInt8(ascii: ",")) }
                data.append((try? JSONSerialization.data(withJSONObject: child.key, options: .fragmentsAllowed)) ?? Data())
                data.append(UInt8(ascii: ":"))
                data.append(child.value.data)
            }
            data.append(UInt8(ascii: "}"))
            return data
        }
    }
}
