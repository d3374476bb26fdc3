import Contracts
import Foundation
import Messaging
import Testing
@testable import Intake

@Suite("Reading what a CAD sends")
struct CADMessageTests {
    @Test("the golden call is read whole", arguments: ["cad.call.v1", "cad.call.v1+closed"])
    func call(_ name: String) throws {
        let data = try Sample.golden(name)
        let message = try Sample.message(data).body
        #expect(message.faults == [])
        #expect(message.cadCall == (try ContractJSON.decode(CADCallMessage.self, from: data)).call)
        #expect(message.sha256 == data.sha256)
    }

    @Test("the golden unit status is read whole", arguments: ["cad.unit-status.v1", "cad.unit-status.v1+declined"])
    func unitStatus(_ name: String) throws {
        let data = try Sample.golden(name)
        let sent = try ContractJSON.decode(CADUnitStatusMessage.self, from: data)
        let message = try Sample.message(data, key: "cad.\(sent.agency).unit-status.v1").body
        guard case .unitStatus(let status) = message.content else {
            Issue.record("rejected: \(message.faults)")
            return
        }
        #expect(status == sent.unitStatus)
    }

    @Test("only the required fields are required, unknown fields are ignored and unknown words are kept")
    func minimal() throws {
        let message = try read { call in
            call = [
                "number": "1", "version": 1, "status": "paused", "typeCode": "?", "receivedAt": Self.time,
                "location": ["address": "1 Example Way", "altitude": 3], "mood": ["x": 1],
            ]
        }
        #expect(message.faults == [])
        #expect(message.cadCall?.status == "paused")
        #expect(message.cadCall?.flags == [:])
    }

    @Test("null is as good as absent, text is trimmed and blank remarks are left out")
    func blanks() throws {
        let message = try read { call in
            call["language"] = NSNull()
            call["disposition"] = "   "
            call["number"] = " B-1\n"
            call["narrative"] = [["at": Self.time, "text": " "], ["at": Self.time, "text": "hears voices"]]
        }
        #expect(message.faults == [])
        #expect(message.cadCall?.number == "B-1")
        #expect(message.cadCall?.disposition == nil)
        #expect(message.cadCall?.narrative?.map(\.text) == ["hears voices"])
    }

    @Test("every bad field is named by its pointer and code", arguments: BadField.calls)
    func badField(_ bad: BadField) throws {
        let message = try read { call in bad.spoil(&call) }
        #expect(message.faults == [bad.fault])
        #expect(message.messageID == "M-1")
    }

    @Test("all problems of a message are told at once, in the order of the fields")
    func allProblems() throws {
        let data = Data(#"{"agency":"banning-pd","call":{"version":"1","location":{},"persons":[{},7]}}"#.utf8)
        #expect(
            try Sample.message(data).body.faults == [
                "/messageId missing", "/agency wrong-agency", "/sentAt missing", "/call/number missing",
                "/call/version wrong-type", "/call/status missing", "/call/typeCode missing",
                "/call/receivedAt missing", "/call/location/address missing", "/call/persons/0/role missing",
                "/call/persons/1 wrong-type",
            ])
    }

    @Test("every bad field of a unit status is named", arguments: BadField.unitStatuses)
    func badUnitStatus(_ bad: BadField) throws {
        var message = try object("cad.unit-status.v1")
        var status = try #require(message["unitStatus"] as? [String: Any])
        bad.spoil(&status)
        message["unitStatus"] = status
        let read = try Sample.message(
            try JSONSerialization.data(withJSONObject: message), key: "cad.beaumont-pd.unit-status.v1")
        #expect(read.body.faults == [bad.fault])
    }

    @Test(
        "a body that is not a JSON object is one problem at the root",
        arguments: [
            ("", " not-json"), ("hello", " not-json"), ("[]", " wrong-type"), ("7", " wrong-type"),
            (#"{"agency":"beaumont-pd""#, " not-json"), (#"{"messageId":"\ud800"}"#, " not-json"),
            (#"{"agency":"banning-pd","agency":"beaumont-pd"}"#, "/agency repeated-name"),
        ])
    func notAnObject(_ text: String, _ fault: String) throws {
        #expect(try Sample.message(Data(text.utf8)).body.faults == [fault])
    }

    @Test(
        "a number no integer can hold is out of range, not a crash",
        arguments: ["1e999", "-1e999", "1e300", "99999999999"])
    func hugeVersion(_ number: String) throws {
        let text = String(decoding: try Sample.golden("cad.call.v1"), as: UTF8.self)
            .replacing("\"version\": 2", with: "\"version\": \(number)")
        #expect(try Sample.message(Data(text.utf8)).body.faults == ["/call/version out-of-range"])
    }

    @Test("what a receipt says of a hostile name is short and can be stored")
    func hostileNames() throws {
        let name = "a\0/~" + String(repeating: "x", count: 1000)
        let problem = try #require(try read { $0["flags"] = [name: "yes"] }.problems.first)
        #expect(problem.pointer.hasPrefix("/call/flags/a\u{FFFD}~1~0xxx"))
        #expect(problem.pointer.count < 130)
    }

    @Test(
        "a key that is none of ours is unreadable, whatever the body",
        arguments: [
            "cad.beaumont-pd.call.v2", "cad.beaumont-pd.call", "cad..call.v1", "sms.x.call.v1", "cad.a.call.v1.x",
        ])
    func unknownKey(_ key: String) {
        #expect(throws: Unreadable.self) { try Sample.message(Data("{}".utf8), key: key) }
    }

    static let time = "2026-11-02T16:12:00Z"

    private func object(_ golden: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: try Sample.golden(golden)) as? [String: Any])
    }

    private func read(_ change: (inout [String: Any]) -> Void) throws -> CADMessage {
        var message = try object("cad.call.v1")
        var call = try #require(message["call"] as? [String: Any])
        change(&call)
        message["messageId"] = "M-1"
        message["call"] = call
        return try Sample.message(try JSONSerialization.data(withJSONObject: message)).body
    }
}
