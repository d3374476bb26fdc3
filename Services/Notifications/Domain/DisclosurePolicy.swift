import Contracts
import Foundation
import Messaging
import Yams

/// Which partner may see which fields of which events: partner class × field class, an allow-list. A field, event or
/// class that the policy does not name is hidden.
struct DisclosurePolicy: Sendable {
    /// SHA-256 of the file, hexadecimal.
    let hash: String
    let text: String
    private let fieldClasses: [FieldRule]
    private let partnerClasses: [String: PartnerClass]

    private struct FieldRule: Sendable {
        let events: EventPattern
        let classOfPath: [String: String]
    }

    struct PartnerClass: Decodable, Sendable {
        /// Patterns of event types, for example `outreach-resources.referral.*`.
        let events: [EventPattern]
        /// Field classes shown of the partner's own agency's records.
        let own: [String]
        /// Field classes shown of other agencies' records.
        let others: [String]
        /// Event patterns shown only while the person's consent is known.
        let withConsent: [EventPattern]?
    }

    /// - Throws: ``PolicyError`` naming the file and what to mend.
    init(yaml text: String, file: String) throws(PolicyError) {
        let document: Document
        do {
            document = try YAMLDecoder().decode(Document.self, from: text)
        } catch {
            throw PolicyError(file: file, what: "\(error)")
        }
        self.text = text
        hash = Data(text.utf8).sha256
        let known = Set(document.classes)
        for (name, partner) in document.partners {
            if let unknown = Set(partner.own + partner.others).subtracting(known).min() {
                throw PolicyError(
                    file: file, what: "partner class \(name) names field class \(unknown), which `classes` does not list")
            }
        }
        var rules: [FieldRule] = []
        for entry in document.fields {
            var classOfPath: [String: String] = [:]
            for (fieldClass, paths) in entry.paths {
                guard known.contains(fieldClass) else {
                    throw PolicyError(file: file, what: "field class \(fieldClass) is not listed in `classes`")
                }
                for path in paths where classOfPath.updateValue(fieldClass, forKey: path) != nil {
                    throw PolicyError(file: file, what: "\(path) has two classes; give it the stricter one")
                }
            }
            rules.append(FieldRule(events: entry.events, classOfPath: classOfPath))
        }
        fieldClasses = rules
        partnerClasses = document.partners
    }

    var partnerClassNames: [String] { partnerClasses.keys.sorted() }

    /// The class of a field: that of the longest path listed which the field is, or lies under. Nil hides it.
    func fieldClass(of path: String, in type: String) -> String? {
        guard let rule = fieldClasses.first(where: { $0.events.matches(type) }) else { return nil }
        var path = path[...]
        while true {
            if let found = rule.classOfPath[String(path)] { return found }
            guard let dot = path.lastIndex(of: ".") else { return nil }
            path = path[..<dot]
        }
    }

    /// Whether this partner may see this field of this event. False for anything not allowed by name.
    func shows(_ path: String, of event: FeedEvent, to partner: Partner, consent: Fact) -> Bool {
        guard let allowed = partnerClasses[partner.class], allowed.events.contains(where: { $0.matches(event.type) })
        else { return false }
        if consent != .yes, allowed.withConsent?.contains(where: { $0.matches(event.type) }) == true { return false }
        let isOwn = partner.agency.map { event.agencies.contains($0) } ?? false
        guard let fieldClass = fieldClass(of: path, in: event.type) else { return false }
        return (isOwn ? allowed.own : allowed.others).contains(fieldClass)
    }

    private struct Document: Decodable {
        let classes: [String]
        let fields: [FieldEntry]
        let partners: [String: PartnerClass]
    }

    private struct FieldEntry: Decodable {
        let events: EventPattern
        let paths: [String: [String]]
    }
}

/// `intake.call.*.v1`: words of an event type, `*` for any one.
struct EventPattern: Decodable, Sendable {
    private let words: [Substring]

    init(from decoder: any Decoder) throws {
        words = try decoder.singleValueContainer().decode(String.self).split(separator: ".")
    }

    func matches(_ type: String) -> Bool {
        let other = type.split(separator: ".")
        return other.count == words.count && zip(words, other).allSatisfy { $0 == "*" || $0 == $1 }
    }
}

struct PolicyError: Error, CustomStringConvertible {
    let file: String
    let what: String
    var description: String { "\(file): \(what)" }
}
