import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit
import Testing

@Suite("Problems")
struct ProblemTests {
    private func json(_ problem: Problem) throws -> String {
        String(decoding: try ContractJSON.encode(problem), as: UTF8.self)
    }

    @Test("a problem document has type, title, status and detail, and the members it is given")
    func document() throws {
        var problem = Problem.conflict("name-taken", "there is one already")
        problem.extra["traceId"] = "4bf92f35"
        #expect(
            try json(problem) == #"""
                {"detail":"there is one already","status":409,"title":"Conflict","traceId":"4bf92f35",\#
                "type":"urn:copps:problem:name-taken"}
                """#)
    }

    @Test("extra members never replace the standard ones")
    func extraMembers() throws {
        let problem = Problem(status: .badRequest, code: "x", extra: ["status": 200, "type": "about:blank"])
        #expect(try json(problem) == #"{"status":400,"title":"Bad Request","type":"urn:copps:problem:x"}"#)
    }

    @Test("an error nobody meant for the client becomes a bare 500")
    func internalError() throws {
        struct Secret: Error, CustomStringConvertible { let description = "password is hunter2" }
        #expect(
            try json(Problem(Secret()))
                == #"{"status":500,"title":"Internal Server Error","type":"urn:copps:problem:internal"}"#)
    }

    @Test("a refusal is told in its own words")
    func refusals() {
        let refused = Problem(Refusal.refused("already-accepted", "the pair has accepted"))
        #expect(refused.status == .conflict)
        #expect(refused.code == "already-accepted")
        #expect(refused.detail == "the pair has accepted")
        #expect(Problem(Refusal.refused("unknown-call", "…")).status == .notFound)
        #expect(Problem(Refusal.notYet("not-ready", "…")).headers[.retryAfter] != nil)
    }

    private struct Order: Decodable {
        struct Line: Decodable { let count: Int }
        let lines: [Line]
    }

    @Test(
        "a malformed body is answered with where and how",
        arguments: [
            (#"{"lines":[{"count":1},{"count":"two"}]}"#, "/lines/1/count", "wrong-type"),
            (#"{"lines":[{}]}"#, "/lines/0/count", "missing"),
            (#"{}"#, "/lines", "missing"),
            (#"{"lines":null}"#, "/lines", "missing"),
            (#"{"lines":"#, "", "invalid"),
        ])
    func decodingErrors(body: String, pointer: String, code: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try ContractJSON.decode(Order.self, from: Data(body.utf8))
        }
        let problem = Problem(try #require(error))
        #expect(problem.status == .badRequest)
        #expect(problem.errors.map(\.pointer) == [pointer])
        #expect(problem.errors.map(\.code) == [code])
    }
}
