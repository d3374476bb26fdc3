import Contracts
import Foundation
import ServiceKit
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

    @Test("the same key for something else, or from somebody else, is another command")
    func keys() async throws {
        try await withOffer { server, _, offer in
            let unit = try await server.unitToken("beaumont-pd")
            let (path, key) = ("/v1/assignments/\(offer.id)", UUID())
            _ = try await server.send("POST", "\(path)/accept", token: unit, key: key)
            let enroute = try await server.send("POST", "\(path)/enroute", token: unit, key: key)
            #expect(enroute.text.contains(#""status":"enroute""#))
            // The operator's own, and so not taken for the unit's: it is refused, as it must be.
            #expect(try await server.send("POST", "\(path)/accept", key: key).status == 409)
        }
    }

    @Test("pairs that have been silent for too long are listed, and only those")
    func overdue() async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            for (number, unit) in [("1", "CBAT1"), ("2", "CBAT2")] {
                let offer = try await database.handle([.triaged(Samples.triaged(number))], at: now)
                    .first(AssignmentOffered.self).assignment
                #expect(offer.unit == unit)
                let status = UnitStatusChanged(
                    agency: offer.unitAgency, unit: unit, status: .contact, at: unit == "CBAT1" ? now : now + 600)
                try await database.handle([.unitStatus(status)], at: now + 600)
            }
            try await RoutingServer.with(database, now: now + 240 * 60) { server in
                let overdue = try await server.send("GET", "/v1/assignments?overdue=true")
                #expect(overdue.status == 200)
                #expect(overdue.text.contains("CBAT1") && !overdue.text.contains("CBAT2"))
                #expect(try await server.send("GET", "/v1/assignments").text.contains("CBAT2"))
            }
        }
    }

    @Test("an edited roster serves the next decision; one with a mistake is refused and the old one stays")
    func reload() async throws {
        try await withOffer { server, database, _ in
            let before = database.handler.roster.current.hash
            database.file.replace("officer: officer-sample", with: "officer: nobody")
            let refused = try await server.send("POST", "/v1/roster/reload")
            #expect(refused.status == 422)
            #expect(refused.text.contains("roster.yaml:") && refused.text.contains("Fix: "))
            #expect(try await server.send("GET", "/v1/roster").text.contains(before))
            database.file.replace("officer: nobody", with: "officer: officer-sample")
            database.file.replace("version: \"2026-10\"", with: "version: \"2026-11\"")
            let unit = try await server.unitToken("beaumont-pd")
            #expect(try await server.send("POST", "/v1/roster/reload", token: unit).status == 403)
            let reloaded = try await server.send("POST", "/v1/roster/reload")
            let active = try ContractJSON.decode(ActiveFile.self, from: Data(reloaded.text.utf8))
            #expect(active.version == "2026-11" && active.hash != before)
            let call = Samples.triaged("2")
            try await database.handle([.triaged(call)], at: Samples.time("2026-11-04 15:01"))
            #expect(try await database.queries.decisions(call.call).map(\.rosterHash) == [active.hash])
        }
    }

    @Test("an exception is withdrawn by whose pairs it is about; a supervisor puts no other agency's pair on")
    func exceptions() async throws {
        struct Made: Decodable { let id: UUID }
        try await withOffer { server, _, _ in
            let supervisor = try await server.unitToken("beaumont-pd", role: .supervisor)
            func exception(_ kind: String, _ more: String = "") -> String {
                #"{"kind":"\#(kind)","pairing":"beaumont",\#(more)"from":"2026-11-09T15:00:00Z","#
                    + #""until":"2026-11-10T01:00:00Z","reason":"training"}"#
            }
            let swap = exception("swap", #""substitute":"cabazon","#)
            let path = "/v1/roster/exceptions"
            #expect(try await server.send("POST", path, token: supervisor, body: swap).status == 403)
            let swapped = try await server.send("POST", path, body: swap)
            let foreign = try ContractJSON.decode(Made.self, from: Data(swapped.text.utf8)).id
            #expect(try await server.send("DELETE", "\(path)/\(foreign)", token: supervisor).status == 403)
            #expect(try await server.send("DELETE", "\(path)/\(foreign)").status == 200)
            let out = try await server.send("POST", path, token: supervisor, body: exception("out-of-service"))
            let own = try ContractJSON.decode(Made.self, from: Data(out.text.utf8)).id
            #expect(try await server.send("DELETE", "\(path)/\(own)", token: supervisor).status == 200)
            #expect(try await server.send("DELETE", "\(path)/\(own)", token: supervisor).status == 404)
            #expect(try await server.send("GET", "/v1/roster").text.contains(#""exceptions":[]"#))
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
