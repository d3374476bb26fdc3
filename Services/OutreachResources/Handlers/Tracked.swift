/// Rows as they were loaded and as they are now, so that only what changed is written.
struct Tracked<Key: Hashable & Comparable & Sendable, Value: Equatable & Sendable>: Sendable {
    private let loaded: [Key: Value]
    private var current: [Key: Value]

    init(_ rows: [Key: Value] = [:]) {
        loaded = rows
        current = rows
    }

    subscript(key: Key) -> Value? {
        get { current[key] }
        set { current[key] = newValue }
    }

    /// In key order, so that a decision which looks through them always decides alike.
    var all: [Value] {
        current.sorted { $0.key < $1.key }.map(\.value)
    }

    var changes: [(key: Key, value: Value)] {
        current.filter { loaded[$0.key] != $0.value }.sorted { $0.key < $1.key }
    }

    var changed: [Value] { changes.map(\.value) }
}
