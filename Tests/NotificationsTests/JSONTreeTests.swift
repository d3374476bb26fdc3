import Foundation
import Testing
@testable import Notifications

@Suite("An event's content as a tree")
struct JSONTreeTests {
    private func paths(_ json: String) throws -> [String] {
        try JSONTree(Data(json.utf8)).leaves.keys.sorted()
    }

    @Test("leaves are values, lists, null and empty objects, each by its path")
    func leaves() throws {
        #expect(
            try paths(#"{"a":{"b":1,"c":{},"d":null,"e":[{"f":1}],"g":[]},"h":"x"}"#)
                == ["a.b", "a.c", "a.d", "a.e", "a.g", "h"])
        #expect(try paths("{}") == [])
    }

    @Test("a name with a dot, a tilde or nothing in it is no path")
    func oddNames() throws {
        #expect(try paths(#"{"a.b":1,"a":{"b":2,"":3,"~1":4}}"#) == ["a.", "a.b", "a.~01", "a~1b"])
    }

    @Test("what is not an object is refused", arguments: ["", "7", "[]", "null", "\"x\"", "{", "{\"a\":NaN}"])
    func refused(_ text: String) {
        #expect(throws: (any Error).self) { try JSONTree(Data(text.utf8)) }
    }

    @Test("every golden event comes back as it went in", arguments: GoldenEvent.all)
    func goldens(_ event: GoldenEvent) throws {
        #expect(try JSONTree(event.content.data) == event.content)
    }

    @Test("any object comes back as it went in, also when its parts were kept apart", arguments: UInt64(0)..<200)
    func roundTrip(_ seed: UInt64) throws {
        var random = Splitmix(state: seed)
        let object = Self.object(depth: 4, &random)
        let data = try JSONSerialization.data(withJSONObject: object)
        let tree = try JSONTree(data)
        let back = try #require(try JSONSerialization.jsonObject(with: try tree.data) as? NSDictionary)
        #expect(back == (try JSONSerialization.jsonObject(with: data)) as? NSDictionary)

        let half = tree.filter { $0.utf8.count.isMultiple(of: 2) }
        let rest = tree.filter { !$0.utf8.count.isMultiple(of: 2) }
        #expect(try JSONTree(try half.data).merging(try JSONTree(try rest.data)) == tree)
    }

    private static func object(depth: Int, _ random: inout Splitmix) -> [String: Any] {
        let names = ["a", "b", "c.d", "~", "~1", ".", "", "señor", "a\"b", "\u{1}", "x,y"]
        var object: [String: Any] = [:]
        for name in names.shuffled(using: &random).prefix(Int.random(in: 0...5, using: &random)) {
            object[name] = value(depth: depth, &random)
        }
        return object
    }

    private static func value(depth: Int, _ random: inout Splitmix) -> Any {
        switch Int.random(in: depth > 0 ? 0...7 : 0...5, using: &random) {
        case 0: NSNull()
        case 1: Bool.random(using: &random)
        case 2: Int.random(in: .min ... .max, using: &random)
        case 3: Double.random(in: -1e9...1e9, using: &random)
        case 4: "text \"\\/\n\u{1F600} \(Int.random(in: 0...9, using: &random))"
        case 5: [1, 2.5, "x", ["y": NSNull()] as [String: Any]] as [Any]
        default: object(depth: depth - 1, &random)
        }
    }
}

/// Vigna's SplitMix64, so that a failing seed fails again.
struct Splitmix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
