import Foundation

/// A JSON value under HSDS's own field names, written as a literal. A field without a value is left out.
indirect enum HSDSValue: Sendable, Equatable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([HSDSValue])
    case fields([String: HSDSValue])

    static func id(_ id: UUID) -> Self { .text(id.uuidString.lowercased()) }
    static func number(_ number: Int) -> Self { .number(Double(number)) }

    subscript(field: String) -> HSDSValue? {
        get {
            guard case .fields(let fields) = self else { return nil }
            return fields[field]
        }
        set {
            guard case .fields(var fields) = self else { return }
            fields[field] = newValue
            self = .fields(fields)
        }
    }

    func merging(_ more: HSDSValue) -> HSDSValue {
        guard case .fields(let fields) = self, case .fields(let others) = more else { return self }
        return .fields(fields.merging(others) { _, new in new })
    }
}

extension HSDSValue: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral {
    init(dictionaryLiteral elements: (String, HSDSValue?)...) {
        self = .fields(
            Dictionary(
                elements.compactMap { key, value in value.map { (key, $0) } }, uniquingKeysWith: { first, _ in first }))
    }

    init(stringLiteral value: String) {
        self = .text(value)
    }
}

extension HSDSValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number) where number == number.rounded() && abs(number) < 1e15:
            try container.encode(Int(number))
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .fields(let fields): try container.encode(fields)
        }
    }
}
