import Contracts

extension FieldReader {
    /// A member that must be an array of objects.
    mutating func objects<Value>(_ name: String, most: Int, _ read: (inout FieldReader) -> Value?) -> [Value] {
        items(name, most: most).enumerated().compactMap { index, item in
            guard case .object(let members) = item else {
                wrongItem(name, index, item, "an object")
                return nil
            }
            return nested(members, at: "\(Self.escape(name))/\(index)", read)
        }
    }

    /// An array of words.
    mutating func list<Value: OpenEnumeration>(_ name: String, of _: Value.Type) -> [Value] {
        var values: [Value] = []
        for (index, item) in items(name, most: 100).enumerated() {
            guard case .string(let text) = item else {
                wrongItem(name, index, item, "a string")
                continue
            }
            let word = nested([:], at: Self.escape(name)) { $0.word(text, "\(index)", longest: 60) }
            if let word { values.append(Value(rawValue: word)) }
        }
        return values
    }

    /// Members of an object of words, as vocabulary.
    mutating func words<Key: OpenEnumeration, Value: OpenEnumeration>(
        _ name: String, _: Key.Type, _: Value.Type
    ) -> [Key: Value] {
        object(name) { fields in
            guard fields.members.count <= 100 else {
                fields.tooMany("", 100)
                return nil
            }
            var words: [Key: Value] = [:]
            for key in fields.members.keys.sorted() {
                guard fields.isName(key) else { continue }
                if let text = fields.string(key, longest: 40) { words[Key(rawValue: key)] = Value(rawValue: text) }
            }
            return words
        } ?? [:]
    }

    private mutating func isName(_ key: String) -> Bool {
        let before = problems.count
        if word(key, key, longest: 60) == key { return true }
        if problems.count == before { note(key, "bad-name", "A name without white space around it is expected.") }
        return false
    }

    private mutating func items(_ name: String, most: Int) -> [JSONValue] {
        guard let value = present(name) else { return [] }
        guard case .array(let items) = value else {
            wrongKind(name, value, "an array")
            return []
        }
        guard items.count <= most else {
            tooMany("/\(Self.escape(name))", most)
            return []
        }
        return items
    }

    private mutating func tooMany(_ place: String, _ most: Int) {
        problems.append(.init(pointer: pointer + place, code: "too-many", detail: "At most \(most) items."))
    }

    private mutating func wrongItem(_ name: String, _ index: Int, _ item: JSONValue, _ expected: String) {
        problems.append(
            .init(
                pointer: "\(pointer)/\(Self.escape(name))/\(index)", code: "wrong-type",
                detail: "Expected \(expected), not \(item.kind)."))
    }
}
