import Contracts
import Foundation
import TestSupport
import Testing

@testable import CBATRouting

@Suite("Routing over HTTP", .privateDatabase)
struct RouteTests {
    private func withOffer(
        _ body: (RoutingServer, RoutingDatabase, AssignmentSnapshot) async throws -> Void
    ) async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            let offered = try await database.handle([.triaged(Samples.triaged("1"))], at: now)
                .first(AssignmentOffered.self)
            try await RoutingServer.with(database, now: now + 30) { try await body($0, database, offered.assignment) }
        }
    }

    @Test("a pair is followed from accept to clear, and the same command twice counts once")
    func commands() async throws {
        try await withOffer { server, database, offer in
            let unit = try await server.unitToken("beaumont-pd")
            let key = UUID()
            for _ in 0..<2 {
                let answer = try await server.send("POST", "/v1/assignments/\(offer.id)/accept", token: unit, key: key)
                #expect(answer.status == 200)
                #expect(answer.text.contains(#""status":"accepted""#) && answer.text.contains(#""version":2"#))
            }
            for step in ["enroute", "staged", "scene-secured", "on-scene", "contact"] {
                #expect(try await server.send("POST", "/v1/assignments/\(offer.id)/\(step)", token: unit).status == 200)
            }
            let outcome = """
                {"disposition":"safety-plan","secondary":[],"needs":["crisis"],"legalStatus":"voluntary","consent":"yes"}
                """
            let cleared = try await server.send("POST", "/v1/assignments/\(offer.id)/clear", token: unit, body: outcome)
            #expect(cleared.text.contains(#""status":"cleared""#))
            #expect(try await database.queries.call(offer.call)?.owner == .clinician)
        }
    }

    @Test("what is illegal, unknown, incomplete or another agency's is refused with a problem that says so")
    func refusals() async throws {
        try await withOffer { server, _, offer in
            let other = try await server.unitToken("banning-pd")
            let path = "/v1/assignments/\(offer.id)"
            let illegal = try await server.send("POST", "\(path)/enroute")
            #expect(illegal.status == 409 && illegal.text.contains("illegal-transition"))
            #expect(try await server.send("POST", "\(path)/accept", token: other).status == 403)
            #expect(try await server.send("GET", path, token: other).status == 403)
            #expect(try await server.send("POST", "/v1/assignments/\(UUID())/accept").status == 404)
            #expect(try await server.send("POST", "\(path)/decline", body: #"{"reason":" "}"#).status == 422)
            #expect(try await server.send("POST", "\(path)/clear", body: "{}").status == 400)
            #expect(try await server.send("POST", "\(path)/accept", token: "nobody").status == 401)
            #expect(try await server.send("PUT", "/v1/travel/closure", token: other, body: "{}").status == 403)
            #expect(try await server.send("GET", "/v1/assignments?call=x").status == 400)
        }
    }

    @Test("a decline moves the offer on, and the reasons can be read")
    func decline() async throws {
        try await withOffer { server, _, offer in
            let declined = try await server.send(
                "POST", "/v1/assignments/\(offer.id)/decline", body: #"{"reason":"meal"}"#)
            #expect(declined.text.contains(#""status":"declined""#))
            let list = try await server.send("GET", "/v1/assignments?call=\(offer.call)")
            #expect(list.text.contains(#""unit":"CBAT1""#) && list.text.contains(#""unit":"CBAT2""#))
            let decisions = try await server.send("GET", "/v1/decisions/\(offer.call)")
            #expect(decisions.status == 200)
            #expect(decisions.text.contains(#""standing":"assigned""#) && decisions.text.contains(#""asked""#))
            #expect(try await server.send("GET", "/v1/decisions/\(UUID())").status == 404)
        }
    }

    @Test("roster, exceptions, road and ledger are shown, and changed by those who may")
    func management() async throws {
        try await withOffer { server, _, _ in
            let exception = """
                {"kind":"swap","pairing":"beaumont","substitute":"cabazon","from":"2026-11-09T15:00:00Z",\
                "until":"2026-11-10T01:00:00Z","reason":"training"}
                """
            #expect(try await server.send("POST", "/v1/roster/exceptions", body: exception).status == 201)
            let wrong = exception.replacing(#""substitute":"cabazon","#, with: "")
            #expect(try await server.send("POST", "/v1/roster/exceptions", body: wrong).status == 409)
            let roster = try await server.send("GET", "/v1/roster")
            #expect(roster.text.contains("Clinician A. Sample") && roster.text.contains("training"))
            let closed = try await server.send(
                "PUT", "/v1/travel/closure", body: #"{"closed":["i10-banning-cabazon"],"reason":"crash"}"#)
            #expect(closed.status == 200 && closed.text.contains(#""isClosed":true"#))
            let unknown = try await server.send(
                "PUT", "/v1/travel/closure", body: #"{"closed":["x"],"reason":"crash"}"#)
            #expect(unknown.status == 404 && unknown.text.contains("unknown-leg"))
            let ledger = try await server.send("GET", "/v1/ledger?from=2026-11-01T00:00:00Z")
            #expect(ledger.status == 200 && ledger.text.contains(#""target":0.45"#))
            #expect(try await server.send("GET", "/v1/ledger?from=yesterday").status == 400)
        }
    }
}
