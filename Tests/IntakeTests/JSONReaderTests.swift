import Contracts
import Foundation
import Testing
@testable import Intake

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONReader.read(Data(text.utf8))
    }

    @Test("every kind of value is read, white space anywhere between")
    func values() throws {
        let text = " {\"a\" : [ 1 , -2.5e1,true,false , null ,{} ,[]],\r\n\t\"b\":\"x\"} "
        let items: [JSONValue] = [.number(1), .number(-25), .bool(true), .bool(false), .null, .object([:]), .array([])]
        #expect(try read(text) == .object(["a": .array(items), "b": .string("x")]))
    }

    @Test(
        "text is read with its escapes",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u00E9""#, "éé"),
            (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"), (#""señor 😀""#, "señor 😀"), (#""""#, ""),
        ])
    func text(_ json: String, _ expected: String) throws {
        #expect(try read(json) == .string(expected))
    }

    @Test("a number that no Double can hold is infinite, one too small is zero")
    func hugeNumbers() throws {
        #expect(try read("1e999") == .number(.infinity))
        #expect(try read("-1e999") == .number(-.infinity))
        #expect(try read("1e-999") == .number(0))
        #expect(try read("123456789012345678901234567890") == .number(1.2345678901234568e29))
        #expect(try read(String(repeating: "9", count: 200_000)) == .number(.infinity))
    }

    @Test(
        "what is not JSON is a fault and says at which byte",
        arguments: [
            "", " ", "{", "[1", "[1,]", "{\"a\":1,}", "{,}", "[,]", "{a:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":}",
            "NaN", "[NaN]", "Infinity", "-", "01", "+1", ".5", "1.", "1e", "0x1", "tru", "nul", "truefalse", "{} {}",
            "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\u{1}\"", "\"\n\"", "// a\n1",
            "\u{FEFF}{}",
            #""\ud800""#, #""\ud800x""#, #""\ud800\u0041""#, #""\udc00""#, #""\ud800\ud800""#,
        ])
    func faults(_ text: String) throws {
        let fault = try #require(throws: JSONReader.Fault.self) { try read(text) }
        #expect(fault.problem.code == "not-json")
        #expect(fault.problem.detail.contains(" at byte "))
    }

    @Test(
        "bytes that are not UTF-8 are a fault",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80]]
            as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Data([0x22] + bytes + [0x22])) }
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Data(bytes)) }
    }

    @Test("UTF-16 is not JSON", arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf32])
    func otherEncodings(_ encoding: String.Encoding) throws {
        let data = try #require(#"{"a":1}"#.data(using: encoding))
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read(data) }
    }

    @Test("a name that an object has twice is a fault with its pointer, however it is spelled")
    func repeatedNames() throws {
        let fault = try #require(throws: JSONReader.Fault.self) { try read(#"{"a":[0,{"b/c":1,"b\u002fc":2}]}"#) }
        #expect(fault.problem.pointer == "/a/1/b~1c")
        #expect(fault.problem.code == "repeated-name")
    }

    @Test("nesting is read 64 deep and no deeper", arguments: ["[", "{\"a\":"])
    func depth(_ opening: String) throws {
        func nested(_ depth: Int) -> String {
            let closing = opening == "[" ? "]" : "}"
            return String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        #expect(throws: Never.self) { try read(nested(64)) }
        for depth in [65, 1000, 60_000] {
            #expect(throws: JSONReader.Fault.self) { try read(nested(depth)) }
            #expect(throws: JSONReader.Fault.self) { try read(String(repeating: opening, count: depth)) }
        }
    }

    @Test("a document cut off anywhere, or with a byte changed, throws or is read, and never traps")
    func mutilated() throws {
        let document = Data(try Sample.golden("cad.unit-status.v1").dropLast())
        for length in document.indices {
            #expect(throws: JSONReader.Fault.self) { try JSONReader.read(document.prefix(length)) }
        }
        for index in document.indices {
            for byte in [0x00, 0x22, 0x5C, 0x7B, 0x80, 0xFF] as [UInt8] {
                var copy = document
                copy[index] = byte
                _ = try? JSONReader.read(copy)
            }
        }
    }

    @Test("what Foundation reads of a real message is what is read here")
    func agreesWithFoundation() throws {
        let data = try Sample.golden("cad.call.v1")
        let foundation = try JSONSerialization.jsonObject(with: data)
        #expect(
            try JSONSerialization.jsonObject(with: Data(rendered(try JSONReader.read(data)).utf8)) as? NSDictionary
                == foundation as? NSDictionary)
    }

    private func rendered(_ value: JSONValue) throws -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        case .array(let items): "[\(try items.map(rendered).joined(separator: ","))]"
        case .object(let members):
            "{\(try members.map { "\(try rendered(.string($0))):\(try rendered($1))" }.joined(separator: ","))}"
        }
    }
}
