import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit
import TestSupport
import Testing

@Suite("Principals", .privateDatabase)
struct PrincipalStoreTests {
    private struct Created: Decodable {
        let token: String
    }

    private func withServer(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.withTables { routes, _ in
            routes.get("v1/whoami") { _, context in JSONBody(try context.require()) }
        } _: { server, _ in
            try await body(server)
        }
    }

    private func create(_ json: String, at server: TestServer) async throws -> TestServer.Answer {
        try await server.send("POST", "/v1/principals", body: Data(json.utf8))
    }

    @Test("a new principal's token works until it is revoked")
    func life() async throws {
        try await withServer { server in
            let created = try await create(
                #"{"name":"banning-cad","role":"cad","agency":"banning-pd"}"#, at: server)
            #expect(created.status == 201)
            let token = try created.decoded(as: Created.self).token
            #expect(token.hasPrefix("copps_"))

            let known = try await server.send("GET", "/v1/whoami", token: token)
            #expect(
                try known.decoded(as: Principal.self)
                    == Principal(name: "banning-cad", role: .cad, agency: "banning-pd"))
            let forbidden = try await server.send("GET", "/v1/principals", token: token)
            #expect(forbidden.status == 403)

            let revoked = try await server.send("DELETE", "/v1/principals/banning-cad")
            #expect(revoked.status == 204)
            let unknown = try await server.send("GET", "/v1/whoami", token: token)
            #expect(unknown.status == 401)
            #expect(unknown.headers["www-authenticate"]?.contains("invalid_token") == true)
            let again = try await server.send("DELETE", "/v1/principals/banning-cad")
            #expect(again.status == 404)
        }
    }

    @Test("a name is unique among the tokens in force, and free again after revocation")
    func uniqueNames() async throws {
        try await withServer { server in
            let json = #"{"name":"shelter","role":"partner"}"#
            let statuses = [
                try await create(json, at: server).status, try await create(json, at: server).status,
                try await server.send("DELETE", "/v1/principals/shelter").status,
                try await create(json, at: server).status,
            ]
            #expect(statuses == [201, 409, 204, 201])
        }
    }

    @Test("the list tells who there is and when, and never a token or its hash")
    func list() async throws {
        try await withServer { server in
            let created = try await create(#"{"name":"cbat-1","role":"unit","agency":"beaumont-pd"}"#, at: server)
            let token = try created.decoded(as: Created.self).token
            let list = try await server.send("GET", "/v1/principals")
            #expect(list.status == 200)
            #expect(list.text.contains(#""agency":"beaumont-pd""#))
            #expect(list.text.contains(#""name":"cbat-1","role":"unit""#))
            #expect(!list.text.contains(token))
            #expect(!list.text.contains("sha256"))
        }
    }

    @Test(
        "every fault of a wanted principal is named",
        arguments: [
            (#"{"name":"Two Words","role":"emperor"}"#, ["/name", "/role"]),
            (#"{"name":"operator","role":"operator"}"#, ["/name", "/role"]),
            (#"{"name":"some-cad","role":"cad"}"#, ["/agency"]),
        ])
    func faults(json: String, pointers: [String]) async throws {
        struct Answer: Decodable { let errors: [Receipt.Problem] }
        try await TestServer.with { server in
            let answer = try await create(json, at: server)
            #expect(answer.status == 422)
            #expect(try answer.decoded(as: Answer.self).errors.map(\.pointer) == pointers)
        }
    }
}
