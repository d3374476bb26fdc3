import Contracts
import Foundation
import Testing
@testable import Notifications

/// The shipped policy, event by event and partner by partner.
@Suite("What partners see")
struct DisclosureTests {
    static let classes = [
        "behavioral-health", "code-enforcement", "police", "public-log", "school-district", "service-provider",
    ]

    /// What must be kept from those who are not named here, whatever the policy file calls it. A path stands for what
    /// lies under it as well.
    enum Sensitive: CaseIterable {
        case identity, narrative, nature, place, health

        var paths: [String] {
            switch self {
            case .identity: ["call.persons"]
            case .narrative:
                [
                    "call.narrative", "call.flags", "call.language", "call.ageBand", "call.disposition", "flags",
                    "language", "ageBand", "rules", "questions", "reason", "case.nextAction", "problem.nextAction",
                    "case.closedBecause", "problem.closedBecause",
                ]
            case .nature: ["call.type.common", "commonType"]
            case .place:
                ["call.location", "location", "address", "place", "case.place", "problem.place"]
            case .health:
                [
                    "outcome", "episode.owner", "episode.nextAction", "episode.closedBecause", "followUp.status",
                    "followUp.owner",
                    "followUp.due", "followUp.attempts", "referral.need", "referral.service", "referral.status",
                    "referral.statusReason", "referral.call", "referral.episode",
                ]
            }
        }

        func contains(_ path: String) -> Bool {
            !path.hasSuffix("location.placeType") && paths.contains { path == $0 || path.hasPrefix($0 + ".") }
        }

        func maySee(_ partnerClass: String, isOwn: Bool, consent: Fact) -> Bool {
            switch (self, partnerClass) {
            case (.identity, "police"), (.narrative, "police"), (.place, "police"): isOwn
            case (.nature, "police"), (.nature, "behavioral-health"): true
            case (.narrative, "behavioral-health"), (.health, "behavioral-health"): true
            case (.health, "service-provider"): isOwn && consent == .yes
            case (.place, "code-enforcement"): true
            default: false
            }
        }
    }

    private func shown(
        _ event: GoldenEvent, to partnerClass: String, of agency: AgencyID?, consent: Fact = .yes
    ) throws -> JSONTree {
        let policy = try Sample.policy()
        let partner = Partner(id: "p", name: "P", class: partnerClass, agency: agency)
        let event = Sample.event(event.type, event.content)
        return event.rendered(for: partner, then: policy, now: policy, consent: consent) ?? JSONTree()
    }

    @Test("the classes tested are those of the policy")
    func allClasses() throws {
        #expect(try Sample.policy().partners.keys.sorted() == Self.classes)
    }

    @Test("every event of the catalog has a golden and is classified, and every pattern means some event")
    func catalog() throws {
        let types = Catalog.events.map { $0.type.description }
        #expect(Set(GoldenEvent.all.map(\.type)) == Set(types))
        try Sample.policy().check(against: types, file: "disclosure.yaml")
    }

    @Test("every field of every golden event has a class", arguments: GoldenEvent.all)
    func coverage(_ event: GoldenEvent) throws {
        let policy = try Sample.policy()
        let unclassified = event.content.leaves.keys.filter { policy.rules(for: event.type)?.fieldClass(of: $0) == nil }
        #expect(unclassified.sorted() == [])
    }

    @Test(
        "identity, narrative, place and health appear only where they are allowed", arguments: GoldenEvent.all, classes)
    func matrix(_ event: GoldenEvent, _ partnerClass: String) throws {
        let own = FeedEvent.agencies(in: event.content)
        for agency in own.map(Optional.some) + [nil, "neighbor-pd"] {
            for consent in [Fact.yes, .no, .unknown, "perhaps"] {
                let shown = try shown(event, to: partnerClass, of: agency, consent: consent)
                let isOwn = agency.map(own.contains) ?? false
                for sensitive in Sensitive.allCases
                where !sensitive.maySee(partnerClass, isOwn: isOwn, consent: consent) {
                    let leaked = shown.leaves.keys.filter(sensitive.contains).sorted()
                    #expect(leaked == [], "\(sensitive) to \(partnerClass) of \(agency?.rawValue ?? "no agency")")
                }
            }
        }
    }

    @Test(
        "no name, telephone number or word of a caller is in what others than the call's own police see",
        arguments: GoldenEvent.all, classes)
    func words(_ event: GoldenEvent, _ partnerClass: String) throws {
        let shown = String(decoding: try shown(event, to: partnerClass, of: "banning-pd").data, as: UTF8.self)
        for secret in ["Testa", "Ejemplo", "+1951555", "brother", "scared", "Example Ave", "33.9295", "-116.977"]
        where event.type.hasPrefix("intake.call") || event.type.hasPrefix("triage") {
            #expect(!shown.contains(secret))
        }
    }

    @Test("the call's own police see all of it but health, other police what happened and not where or to whom")
    func police() throws {
        let event = try #require(GoldenEvent.all.first { $0.type == "intake.call.closed.v1" })
        #expect(try shown(event, to: "police", of: "beaumont-pd") == event.content)
        let others = try shown(event, to: "police", of: "banning-pd").leaves.keys.sorted()
        #expect(
            others == [
                "call.agency", "call.community", "call.id", "call.location.placeType", "call.number", "call.priority",
                "call.receivedAt", "call.status", "call.type.common", "call.type.isRecognized", "call.updatedAt",
                "call.version",
            ])
        let cleared = try #require(GoldenEvent.all.first { $0.type == EncounterCleared.type.description })
        let seen = try shown(cleared, to: "police", of: "beaumont-pd").leaves.keys
        #expect(seen.allSatisfy { !$0.hasPrefix("outcome") && $0 != "nextOwner" })
    }

    @Test("an agency sees the cases and problems made of its own calls in full, and others that they exist")
    func casework() throws {
        for type in [CaseUpdated.type, ProblemUpdated.type] {
            let event = try #require(GoldenEvent.all.first { $0.type == type.description })
            #expect(try shown(event, to: "police", of: "beaumont-pd") == event.content)
            let others = try shown(event, to: "police", of: "riverside-sheriff").leaves.keys
            #expect(!others.isEmpty)
            #expect(others.allSatisfy { !$0.hasSuffix("place") && !$0.hasSuffix("Because") && !$0.hasSuffix("Action") })
        }
    }

    @Test("a provider sees referrals to its own service, and only with consent", arguments: [Fact.yes, .no, .unknown])
    func provider(_ consent: Fact) throws {
        let event = try #require(GoldenEvent.all.first { $0.type == ReferralUpdated.type.description })
        let service = AgencyID(rawValue: try #require(event.content.text("referral.service")))
        let own = try shown(event, to: "service-provider", of: service, consent: consent)
        #expect(own == (consent == .yes ? event.content : JSONTree()))
        let other = AgencyID(rawValue: UUID.v5("other").uuidString.lowercased())
        #expect(try shown(event, to: "service-provider", of: other, consent: consent) == JSONTree())
    }

    @Test("a field, a nested one, a class and an event that the policy does not name are hidden", arguments: classes)
    func unknown(_ partnerClass: String) throws {
        for event in GoldenEvent.all {
            var object = try #require(
                try JSONSerialization.jsonObject(with: try event.content.data) as? [String: Any])
            for (key, value) in object {
                guard var nested = value as? [String: Any], key != "flags" else { continue }
                nested["secret"] = "x"
                nested["secrets"] = ["a": ["b": "x"]]
                nested["secretList"] = [] as [String]
                nested["secretNull"] = NSNull()
                object[key] = nested
            }
            object["secret"] = ["call": "x", "id": "x"]
            object["call.id"] = "secret"
            let spoiled = GoldenEvent(
                description: event.type, type: event.type,
                content: try JSONTree(try JSONSerialization.data(withJSONObject: object)))
            for agency in FeedEvent.agencies(in: event.content) + ["neighbor-pd"] {
                let shown = try shown(spoiled, to: partnerClass, of: agency)
                #expect(shown.leaves.keys.filter { $0.contains("secret") || $0.contains("~") } == [])
            }
        }
        let future = GoldenEvent(
            description: "", type: "intake.call.merged.v2", content: try JSONTree(Data(#"{"call":{"id":"x"}}"#.utf8)))
        #expect(try shown(future, to: partnerClass, of: nil) == JSONTree())
        #expect(try shown(GoldenEvent.all[0], to: "admin", of: "beaumont-pd") == JSONTree())
    }

    @Test(
        "a record that came as null, as a list or empty is hidden",
        arguments: ["null", "[]", "{}", "[{\"name\":\"x\"}]", "7"])
    func shapes(_ json: String) throws {
        for event in GoldenEvent.all where !event.type.hasPrefix("cbat-routing.call") && !event.type.hasPrefix("triage")
        {
            let record = event.content.leaves.keys.compactMap { $0.contains(".") ? $0.prefix { $0 != "." } : nil }
            for name in Set(record) where name != "flags" {
                let content = try JSONTree(Data("{\"\(name)\":\(json)}".utf8))
                let spoiled = GoldenEvent(description: "", type: event.type, content: content)
                for partnerClass in Self.classes where name != "call" || event.type.hasPrefix("intake.call") {
                    #expect(try shown(spoiled, to: partnerClass, of: "beaumont-pd") == JSONTree())
                }
            }
        }
    }
}
