import Contracts
import Foundation
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

@testable import OutreachResources

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("Routes", .privateDatabase)
struct RoutesTests {
    @Test("every HSDS endpoint answers, its lists in pages")
    func hsds() async throws {
        try await CareServer.with { server, care in
            let about = try await server.json("GET", "/")
            #expect(about["version"] as? String == "3.1")
            #expect(about["profile"] is String && about["openapi_url"] is String)
            for list in ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"] {
                let page = try await server.json("GET", "/\(list)?per_page=1")
                #expect(page["size"] as? Int == 1)
                #expect(page["first_page"] as? Bool == true)
                let contents = try #require(page["contents"] as? [[String: Any]])
                let id = try #require(contents.first?["id"] as? String)
                #expect(try await server.json("GET", "/\(list)/\(id)")["id"] as? String == id)
                #expect(try await server.send("GET", "/\(list)/\(UUID())").status == 404)
            }
            let organization = care.directory.organizations[0]
            let filtered = try await server.json(
                "GET", "/services?organization_id=\(organization.id)&search=line&full=true")
            #expect(filtered["total_items"] as? Int == 1)
            #expect(try await server.send("GET", "/services?page=0").status == 400)
            #expect(try await server.send("GET", "/services", token: nil).status == 401)
            let lines = try await server.send("GET", "/services?format=ndjson").text
            #expect(lines.split(separator: "\n").count == care.directory.services.count)
        }
    }

    @Test("an episode is found by its call, moved on by commands, and an impossible one is refused")
    func episode() async throws {
        try await CareServer.with { server, care in
            try await care.handle([.encounterCleared(Samples.cleared(needs: [.detox]))])
            let answer = try await server.send("GET", "/v1/episodes/\(Samples.call)")
            let report = try ContractJSON.decode(EpisodeReport.self, from: Data(answer.text.utf8))
            let (followUp, referral) = (report.followUps[0], report.referrals[0])
            #expect(
                try await server.send("POST", "/v1/follow-ups/\(followUp.id)/attempts", #"{"outcome":"reached"}"#)
                    .status == 200)
            #expect(
                try await server.send("POST", "/v1/follow-ups/\(followUp.id)/attempts", #"{"outcome":"reached"}"#)
                    .status == 409)
            #expect(
                try await server.send("POST", "/v1/follow-ups/\(UUID())/attempts", #"{"outcome":"reached"}"#).status
                    == 404)
            #expect(
                try await server.send("POST", "/v1/follow-ups/\(followUp.id)/attempts", #"{"outcome":"?"}"#).status
                    == 400)
            let path = "/v1/referrals/\(referral.id)/status"
            #expect(try await server.send("POST", path, #"{"status":"completed","by":"staff"}"#).status == 409)
            #expect(try await server.send("POST", path, #"{"status":"accepted","by":"receiver"}"#).status == 200)
            #expect(try await server.send("GET", "/v1/episodes/\(UUID())").status == 404)
            #expect(try await server.json("GET", "/v1/episodes")["count"] as? Int == 1)
            #expect(try await server.json("GET", "/v1/episodes?orphans=true")["count"] as? Int == 0)
            #expect(try await server.json("GET", "/v1/cases")["count"] as? Int == 0)
            #expect(try await server.json("GET", "/v1/problems")["count"] as? Int == 0)
        }
    }

    @Test("a capacity observation counts in the next match and in HSDS")
    func capacity() async throws {
        try await CareServer.with { server, care in
            let service = try #require(
                care.directory.matches(MatchQuery(need: .detox, ageBand: .adult, at: Samples.now)).first
            ).service
            let body = """
                {"service":"\(service.id)","count":0,"source":"phone","observedAt":"\(ContractJSON.timestamp(Samples.now))"}
                """
            #expect(try await server.send("POST", "/v1/capacity-observations", body).status == 201)
            let matches = try #require(
                try await server.json("GET", "/v1/match?need=detox&ageBand=adult")["matches"] as? [[String: Any]])
            #expect(matches.last?["name"] as? String == service.name)
            let full = try await server.json("GET", "/services/\(service.id)")
            let capacities = try #require(full["capacities"] as? [[String: Any]])
            #expect(capacities.first?["available"] as? Int == 0)
            #expect(try await server.send("GET", "/v1/match?need=gold").status == 400)
        }
    }

    @Test("a directory that does not load is refused, and the old one stays in force")
    func reload() async throws {
        try await CareServer.with { server, care in
            let reload = try await server.send("POST", "/v1/directory/reload")
            #expect(reload.status == 422)
            let listing = try await server.json("GET", "/services")
            #expect(listing["total_items"] as? Int == care.directory.services.count)
        }
    }
}
