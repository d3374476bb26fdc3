import Contracts

/// The rule file's name for something that is yes, no or unknown about a call.
struct FactName: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    let rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }
    init(stringLiteral value: String) { rawValue = value }
    var description: String { rawValue }
}

/// Where a fact may be read from, and the question that settles it.
struct FactDefinition: Sendable, Equatable {
    let name: FactName
    /// The call taker's answer. The only source that can say no.
    let flag: Flag?
    let types: Set<String>
    let places: Set<PlaceType>
    let ages: Set<AgeBand>
    let words: [Phrase]
    let question: Question?

    /// Worth asking only on some calls: nobody asks about fire at a parking complaint.
    struct Question: Sendable, Equatable {
        let text: String
        let when: Condition
    }
}

/// What is known about one fact of one call, and from where. Danger wins: one yes outweighs every no.
struct Finding: Sendable, Equatable {
    var value: Fact
    var because: [String]

    static let unknown = Finding(value: .unknown, because: [])
}
