import Contracts
import Foundation
import Messaging

/// Which partner may see which fields of which events: partner class × field class, an allow-list. A field, event or
/// class that the policy does not name is hidden.
struct DisclosurePolicy: Sendable {
    /// SHA-256 of the file, hexadecimal.
    let hash: String
    let text: String
    let fields: [FieldRules]
    let partners: [String: PartnerClass]

    /// The classes of some events' fields.
    struct FieldRules: Sendable {
        let events: EventPattern
        let classOfPath: [String: String]

        /// Of the very field, or else of the longest `path.*` that it lies under. Nil hides it.
        func fieldClass(of path: String) -> String? {
            if let found = classOfPath[path] { return found }
            var path = path[...]
            while true {
                if let found = classOfPath["\(path).*"] { return found }
                guard let dot = path.lastIndex(of: ".") else { return nil }
                path = path[..<dot]
            }
        }
    }

    struct PartnerClass: Sendable {
        /// The events it may see anything of.
        let events: [EventPattern]
        /// Field classes shown of the partner's own agency's records.
        let own: Set<String>
        /// Field classes shown of other agencies' records.
        let others: Set<String>
        /// Events shown only while the person's consent is known.
        let withConsent: [EventPattern]
    }

    /// What one partner may see of one event.
    struct View {
        fileprivate let rules: FieldRules
        fileprivate let shown: Set<String>

        func shows(_ path: String) -> Bool {
            rules.fieldClass(of: path).map(shown.contains) ?? false
        }
    }

    /// - Throws: ``PolicyError`` naming the file, the line and what to mend.
    init(yaml text: String, file: String) throws(PolicyError) {
        let reader = PolicyReader(file: file)
        (fields, partners) = try reader.read(text)
        self.text = text
        hash = Data(text.utf8).sha256
    }

    /// Nil when the partner may see nothing of the event.
    func view(of event: FeedEvent, for partner: Partner, consent: Fact) -> View? {
        guard let rules = rules(for: event.type), let allowed = partners[partner.class],
            allowed.events.contains(where: { $0.matches(event.type) }),
            consent == .yes || !allowed.withConsent.contains(where: { $0.matches(event.type) })
        else { return nil }
        let isOwn = partner.agency.map(event.agencies.contains) ?? false
        return View(rules: rules, shown: isOwn ? allowed.own : allowed.others)
    }

    /// Nil when the policy says nothing of such events, which hides them.
    func rules(for type: String) -> FieldRules? {
        fields.first { $0.events.matches(type) }
    }
}

/// `intake.call.*.v1`: the four words of an event type, `*` for any one.
struct EventPattern: Sendable, CustomStringConvertible {
    private let words: [Substring]

    var description: String { words.joined(separator: ".") }

    /// Nil for what could never match.
    init?(_ text: String) {
        words = text.split(separator: ".")
        guard words.count == 4 else { return nil }
    }

    func matches(_ type: String) -> Bool {
        let other = type.split(separator: ".", omittingEmptySubsequences: false)
        return other.count == words.count && zip(words, other).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
