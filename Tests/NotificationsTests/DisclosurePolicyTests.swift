import Contracts
import Foundation
import Testing
@testable import Notifications

@Suite("A disclosure policy")
struct DisclosurePolicyTests {
    private static func yaml(
        paths: String = "{open: [a, b.c], closed: [b.d, 'e.*', e.f.g]}", own: String = "[open, closed]",
        others: String = "[open]", more: String = ""
    ) -> String {
        """
        classes: [open, closed]
        fields:
          - events: intake.call.*.v1
            paths: \(paths)
        partners:
          p:
            events: [intake.call.*.v1]
            own: \(own)
            others: \(others)
        \(more)
        """
    }

    private func policy(_ yaml: String = yaml()) throws -> DisclosurePolicy {
        try DisclosurePolicy(yaml: yaml, file: "d.yaml")
    }

    private func shown(
        then: DisclosurePolicy, now: DisclosurePolicy, consent: Fact = .unknown, agency: AgencyID? = "a-pd"
    ) throws -> [String] {
        let content = try JSONTree(Data(#"{"a":1,"b":{"c":1,"d":1},"e":{"x":{"y":1},"f":{"g":1}},"h":1}"#.utf8))
        let event = Sample.event("intake.call.received.v1", content, agencies: ["a-pd"])
        let partner = Partner(id: "p", name: "P", class: "p", agency: agency)
        return event.rendered(for: partner, then: then, now: now, consent: consent)?.leaves.keys.sorted() ?? []
    }

    @Test(
        "a path names one field; only a path with a star covers what lies under it, and the longest wins",
        arguments: [
            ("a", "open"), ("a.x", nil), ("b", nil), ("b.c", "open"), ("b.c.x", nil), ("e", "closed"),
            ("e.x", "closed"), ("e.x.y", "closed"), ("e.f.g", "open"), ("e.f.g.h", "closed"), ("ex", nil), ("", nil),
        ] as [(String, String?)])
    func classes(_ path: String, _ fieldClass: String?) throws {
        let policy = try policy(Self.yaml(paths: "{open: [a, b.c, e.f.g], closed: [b.d, 'e.*']}"))
        #expect(policy.rules(for: "intake.call.updated.v1")?.fieldClass(of: path) == fieldClass)
        #expect(policy.rules(for: "intake.call.updated.v2")?.fieldClass(of: path) == nil)
        #expect(policy.rules(for: "intake.unit.updated.v1")?.fieldClass(of: path) == nil)
    }

    @Test("own and other records show their own classes, and a partner without an agency owns none")
    func ownership() throws {
        let policy = try policy()
        #expect(try shown(then: policy, now: policy) == ["a", "b.c", "b.d", "e.f.g", "e.x.y"])
        #expect(try shown(then: policy, now: policy, agency: "b-pd") == ["a", "b.c"])
        #expect(try shown(then: policy, now: policy, agency: nil) == ["a", "b.c"])
    }

    @Test("only what the policy allowed then and allows now is shown")
    func thenAndNow() throws {
        let wide = try policy()
        let narrow = try policy(Self.yaml(own: "[open]"))
        let other = try policy(Self.yaml(paths: "{open: [b.d, h], closed: [a]}"))
        let none = try policy(Self.yaml(own: "[]", others: "[]"))
        let noClass = try policy(Self.yaml().replacing("  p:", with: "  q:"))
        for (first, second) in [(wide, narrow), (narrow, wide)] {
            #expect(try shown(then: first, now: second) == ["a", "b.c"])
        }
        for (first, second) in [(wide, other), (other, wide)] {
            #expect(try shown(then: first, now: second) == ["a", "b.d"])
        }
        for closed in [none, noClass] {
            #expect(try shown(then: wide, now: closed) == [])
            #expect(try shown(then: closed, now: wide) == [])
        }
    }

    @Test(
        "what needs consent is hidden unless the answer is yes, under either policy",
        arguments: [Fact.yes, .no, .unknown, "", "Yes"])
    func consent(_ consent: Fact) throws {
        let free = try policy()
        let bound = try policy(Self.yaml(more: "    withConsent: [intake.*.received.v1]"))
        for (then, now) in [(free, bound), (bound, free), (bound, bound)] {
            #expect(try shown(then: then, now: now, consent: consent).isEmpty == (consent != .yes))
        }
    }

    @Test(
        "a mistake is told with file, line and what to mend",
        arguments: [
            (yaml(own: "[opne]"), "d.yaml, line 8: field class opne is not listed in `classes`"),
            (yaml(paths: "{secret: [a]}"), "d.yaml, line 4: field class secret is not listed in `classes`"),
            (yaml(paths: "{open: [a], closed: [a]}"), "d.yaml, line 4: a has two classes; keep the stricter one"),
            (
                yaml(more: "    withConsnet: [intake.call.*.v1]"),
                "d.yaml, line 10: withConsnet is not known here; use one of"
            ),
            (yaml(more: "    withConsent: [intake.call.*]"), "d.yaml, line 10: intake.call.* names no event"),
            (yaml(more: "    own: [open]"), "d.yaml"),
            (yaml().replacing("    others: [open]\n", with: ""), "d.yaml, line 7: `others` is missing here"),
            (
                yaml().replacing("[open, closed]\nfields", with: "open\nfields"),
                "d.yaml, line 1: a list is expected here"
            ),
            ("classes: [a\n", "d.yaml, line "), ("", "d.yaml: names with values are expected here"),
            ("classes: []\nfields: []\n", "d.yaml, line 1: `partners` is missing here"),
        ])
    func mistakes(_ yaml: String, _ message: String) throws {
        let error = try #require(throws: PolicyError.self) { try policy(yaml) }
        #expect(error.description.hasPrefix(message), "\(error)")
    }

    @Test("a policy must classify every event once, and name only events that there are")
    func catalog() throws {
        let events = ["intake.call.received.v1"]
        func complaint(_ yaml: String, _ events: [String]) throws -> String {
            let policy = try policy(yaml)
            return try #require(throws: PolicyError.self) { try policy.check(against: events, file: "d.yaml") }.what
        }
        #expect(throws: Never.self) { try policy().check(against: events, file: "d.yaml") }
        #expect(try complaint(Self.yaml(), events + ["a.b.c.v1"]).hasPrefix("the fields of a.b.c.v1 have no classes"))
        #expect(
            try complaint(Self.yaml(more: "    withConsent: [a.b.c.v1]"), events).hasPrefix(
                "partner class p names a.b.c.v1"))
        let twice = Self.yaml().replacing(
            "fields:\n", with: "fields:\n  - events: intake.*.*.v1\n    paths: {open: [a]}\n")
        #expect(try complaint(twice, events).hasPrefix("intake.call.received.v1 is in two entries"))
    }

    @Test("the hash is of the text, so the same text is the same policy")
    func hash() throws {
        #expect(try policy().hash == (try policy()).hash)
        #expect(try policy().hash != (try policy(Self.yaml(more: "# a remark"))).hash)
    }
}
