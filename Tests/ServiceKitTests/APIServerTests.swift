import Contracts
import Foundation
import Hummingbird
import Messaging
import ServiceKit
import Synchronization
import Testing

@Suite("API server")
struct APIServerTests {
    private struct Thing: Codable, Equatable {
        let name: String
        let at: Date
    }

    @Test("a route needs a token, and says how to bring one")
    func tokenNeeded() async throws {
        try await TestServer.with(routes: { $0.get("v1/things") { _, _ in "things" } }) { server in
            let answer = try await server.send("GET", "/v1/things", token: nil)
            #expect(answer.status == 401)
            #expect(answer.headers["www-authenticate"] == #"Bearer realm="copps""#)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.text.contains(#""type":"urn:copps:problem:unauthorized""#))
            #expect(try await server.send("GET", "/v1/things").text == "things")
        }
    }

    @Test("the operator is known by the configured hash and has only the operator's role")
    func roles() async throws {
        try await TestServer.with(routes: { routes in
            routes.get("v1/anyone") { _, context in try context.require().name }
            routes.get("v1/units") { _, context in try context.require(.unit, .supervisor).name }
        }) { server in
            let anyone = try await server.send("GET", "/v1/anyone")
            #expect(anyone.text == "operator")
            let units = try await server.send("GET", "/v1/units")
            #expect(units.status == 403)
        }
    }

    @Test("without its database the server cannot know a token, and says try again")
    func databaseAway() async throws {
        try await TestServer.with(routes: { $0.get("v1/things") { _, _ in "things" } }) { server in
            let answer = try await server.send("GET", "/v1/things", token: "somebody-else")
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "2")
        }
    }

    @Test("unknown paths are 404, unknown methods 405 with those allowed")
    func unknown() async throws {
        try await TestServer.with(routes: { routes in
            routes.get("v1/things/{thing}") { _, _ in "thing" }
            routes.delete("v1/things/{thing}") { _, _ in HTTPResponse.Status.noContent }
        }) { server in
            let missing = try await server.send("GET", "/v1/nothing")
            #expect(missing.status == 404)
            #expect(missing.text.contains("urn:copps:problem:not-found"))
            let wrong = try await server.send("POST", "/v1/things/1")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"] == "DELETE, GET, HEAD")
            #expect(wrong.headers["content-type"] == "application/problem+json")
            #expect(try await server.send("HEAD", "/v1/things/1").status == 200)
        }
    }

    @Test("bodies are contract JSON both ways, and a malformed one is a 400 that names the place")
    func bodies() async throws {
        try await TestServer.with(routes: { routes in
            routes.post("v1/things") { request, context in
                JSONBody(try await request.decode(as: Thing.self, context: context), status: .created)
            }
        }) { server in
            let body = #"{"at":"2026-11-02T08:15:30.250Z","name":"x"}"#
            let answer = try await server.send("POST", "/v1/things", body: Data(body.utf8))
            #expect(answer.status == 201)
            #expect(answer.text == body)
            let malformed = try await server.send("POST", "/v1/things", body: Data(#"{"name":"x","at":7}"#.utf8))
            #expect(malformed.status == 400)
            #expect(malformed.text.contains(#""pointer":"/at""#))
        }
    }

    @Test("a body over 256 KiB is refused with 413, and the server goes on", arguments: [true, false])
    func tooLarge(isLengthDeclared: Bool) async throws {
        try await TestServer.with(routes: { routes in
            routes.post("v1/things") { request, _ in "\(try await request.data().count)" }
        }) { server in
            let limit = APIContext.bodyLimit
            #expect(try await server.send("POST", "/v1/things", body: Data(count: limit)).text == "\(limit)")
            let headers = isLengthDeclared ? [:] : ["Transfer-Encoding": "chunked"]
            let answer = try await server.send("POST", "/v1/things", headers: headers, body: Data(count: limit + 1))
            #expect(answer.status == 413)
            #expect(answer.text.contains("urn:copps:problem:too-large"))
            #expect(try await server.send("POST", "/v1/things", body: Data(count: 3)).text == "3")
        }
    }

    @Test("an internal error tells the client a trace id and nothing else")
    func internalError() async throws {
        struct Secret: Error { let text = "hunter2" }
        try await TestServer.with(routes: { routes in
            routes.get("v1/broken") { _, _ -> String in throw Secret() }
        }) { server in
            let answer = try await server.send("GET", "/v1/broken")
            #expect(answer.status == 500)
            #expect(answer.text.contains("traceId"))
            #expect(!answer.text.contains("hunter2"))
        }
    }

    @Test("a request goes on in the trace it came with")
    func trace() async throws {
        try await TestServer.with(routes: { $0.get("v1/trace") { _, context in context.trace.traceparent } }) {
            server in
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let answer = try await server.send(
                "GET", "/v1/trace", headers: ["traceparent": "00-\(trace)-00f067aa0ba902b7-01"])
            let context = try #require(TraceContext(traceparent: answer.text))
            #expect(context.traceID == trace)
            #expect(context.spanID != "00f067aa0ba902b7")
        }
    }

    @Test("metrics know routes by template: no id and no query reaches a label")
    func metrics() async throws {
        try await TestServer.with(routes: { $0.get("v1/calls/{call}") { _, _ in "call" } }) { server in
            _ = try await server.send("GET", "/v1/calls/7be1a1a2?name=Somebody")
            _ = try await server.send("GET", "/v1/nobody/Somebody")
            let answer = try await server.send("GET", "/metrics", token: nil)
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                answer.text.contains(
                    """
                    http_server_request_duration_seconds_count{http_request_method="GET",\
                    http_response_status_code="200",http_route="/v1/calls/{call}"} 1
                    """))
            #expect(!answer.text.contains("7be1a1a2"))
            #expect(!answer.text.contains("Somebody"))
        }
    }

    @Test("alive without a database, not ready; ready with a warning without a broker")
    func health() async throws {
        struct Down: Error {}
        func health(_ otherwise: Health.Status) -> Health {
            Health(
                service: .triage,
                checks: [HealthCheck("x", type: "component", otherwise: otherwise) { throw Down() }])
        }
        try await TestServer.with(health: health(.fail)) { server in
            #expect(try await server.send("GET", "/livez", token: nil).status == 200)
            let ready = try await server.send("GET", "/readyz", token: nil)
            #expect(ready.status == 503)
            #expect(ready.headers["content-type"] == "application/health+json")
        }
        try await TestServer.with(health: health(.warn)) { server in
            let ready = try await server.send("GET", "/readyz", token: nil)
            #expect(ready.status == 200)
            #expect(ready.text.contains(#""status":"warn""#))
        }
    }

    @Test("an idempotency key is a UUID, and counts for its sender and path alone")
    func idempotencyKey() async throws {
        try await TestServer.with(routes: { routes in
            routes.post("v1/things/{thing}") { request, _ in
                let principal = Principal(name: request.headers[.userAgent] ?? "none", role: .unit)
                return try request.idempotencyKey(for: principal)?.uuidString ?? "none"
            }
        }) { server in
            func key(_ key: String?, from sender: String = "a", to path: String = "/v1/things/1") async throws -> String
            {
                var headers = ["User-Agent": sender]
                headers["Idempotency-Key"] = key
                return try await server.send("POST", path, headers: headers).text
            }
            let (one, two) = (UUID().uuidString, UUID().uuidString)
            #expect(try await key(nil) == "none")
            #expect(try await key("twice").contains("invalid-idempotency-key"))
            let known = try await key(one)
            #expect(try await key(one.lowercased()) == known)
            let others = [
                try await key(two), try await key(one, from: "b"), try await key(one, to: "/v1/things/2"),
            ]
            #expect(Set(others + [known]).count == 4)
        }
    }

    @Test("a file is reloaded by the operator, and one with a mistake leaves the old one in force")
    func reload() async throws {
        let versions = Mutex(["1", "2"])
        let file = try Reloadable { () throws(ConfigurationError) in
            guard let next = versions.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
                throw ConfigurationError(["things.yaml:3: it is wrong. Fix: mend it."])
            }
            return next
        }
        try await TestServer.with(routes: { routes in
            ReloadRoute("/v1/things/reload", file) { ActiveFile(file: "things.yaml", version: $0, hash: "") }
                .add(to: routes)
        }) { server in
            #expect(file.current == "1")
            let active = try await server.send("POST", "/v1/things/reload").decoded(as: ActiveFile.self)
            #expect(active.version == "2")
            let refused = try await server.send("POST", "/v1/things/reload")
            #expect(refused.status == 422)
            #expect(refused.text.contains("things.yaml:3"))
            #expect(file.current == "2")
            #expect(try await server.send("POST", "/v1/things/reload", token: nil).status == 401)
        }
    }
}
