/// Any JSON, so that a test can spoil a message in ways its type does not allow.
enum JSON: Equatable, Sendable {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case null
}

extension JSON: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }
}

extension JSON {
    struct Variant: Sendable {
        /// RFC 6901, what was changed.
        let pointer: String
        let value: JSON
    }

    /// Every copy in which one member, at any depth, is replaced by one of what `change` makes of it; nil leaves it out.
    func variants(at pointer: String = "", _ change: (JSON) -> [JSON?]) -> [Variant] {
        switch self {
        case .object(let members):
            return members.sorted { $0.key < $1.key }.flatMap { key, member in
                let here = "\(pointer)/\(key)"
                let changed = change(member).map { (here, $0) }
                let deeper = member.variants(at: here, change).map { ($0.pointer, Optional($0.value)) }
                return (changed + deeper).map { pointer, replacement in
                    var members = members
                    members[key] = replacement
                    return Variant(pointer: pointer, value: .object(members))
                }
            }
        case .array(let items):
            return items.indices.flatMap { index in
                items[index].variants(at: "\(pointer)/\(index)", change).map { variant in
                    var items = items
                    items[index] = variant.value
                    return Variant(pointer: variant.pointer, value: .array(items))
                }
            }
        default: return []
        }
    }

    /// A copy in which each member, at any depth, is replaced by what `change` makes of it, the outermost first.
    func mapMembers(_ change: (_ name: String, JSON) -> JSON) -> JSON {
        switch self {
        case .object(let members):
            .object(
                Dictionary(uniqueKeysWithValues: members.map { ($0, change($0, $1).mapMembers(change)) }))
        case .array(let items): .array(items.map { $0.mapMembers(change) })
        default: self
        }
    }

    /// The texts of all members with these names, at any depth.
    func texts(named names: Set<String>) -> [String] {
        switch self {
        case .object(let members):
            members.flatMap { name, member in
                if case .string(let text) = member, names.contains(name) { [text] } else { member.texts(named: names) }
            }
        case .array(let items): items.flatMap { $0.texts(named: names) }
        default: []
        }
    }
}
