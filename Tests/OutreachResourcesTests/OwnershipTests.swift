import Contracts
import Foundation
import Messaging
import ServiceKit
import TestSupport
import Testing

@testable import OutreachResources

@Suite("Whose records they are", .privateDatabase)
struct OwnershipTests {
    @Test("no unit or supervisor moves another agency's records; the county, the call's and the unit's agency do")
    func commands() async throws {
        try await CareServer.with { server, care in
            let records = try await records(care)
            let deadline = ContractJSON.timestamp(Samples.now + Samples.day)
            let routes = [
                ("/v1/follow-ups/\(records.followUp)/attempts", #"{"outcome":"reached"}"#, [Role.unit, .supervisor]),
                (
                    "/v1/referrals/\(records.referral)/status", #"{"status":"cancelled","by":"staff"}"#,
                    [.unit, .supervisor]
                ),
                (
                    "/v1/episodes/\(Samples.episode)/assign",
                    #"{"owner":"clinician","nextAction":"Visit","deadline":"\#(deadline)"}"#, [.supervisor]
                ),
                ("/v1/episodes/\(Samples.episode)/close", #"{"reason":"reached"}"#, [.supervisor]),
                (
                    "/v1/cases/\(records.file)", #"{"nextAction":"Visit","deadline":"\#(deadline)"}"#,
                    [.unit, .supervisor]
                ),
                ("/v1/problems/\(records.problem)", #"{"closed":true,"reason":"none"}"#, [.unit, .supervisor]),
            ]
            for (path, body, roles) in routes {
                for role in roles {
                    let other = try await server.token(role, of: "riverside-sheriff", care)
                    #expect(try await server.send("POST", path, body, token: other).status == 403, "\(path)")
                }
                let partner = try await server.token(.partner, of: "beaumont-pd", care)
                #expect(try await server.send("POST", path, body, token: partner).status == 403, "\(path)")
                // Banning's unit met the person; the casework is of Beaumont's calls alone.
                let isCasework = path.contains("/cases/") || path.contains("/problems/")
                let own = try await server.token(roles[0], of: isCasework ? "beaumont-pd" : "banning-pd", care)
                let answer = try await server.send("POST", path, body, token: own)
                #expect(answer.status == 200, "\(path): \(answer.text)")
            }
            let county = try await server.token(.supervisor, of: nil, care)
            let again = try await server.send("POST", routes[3].0, routes[3].1, token: county)
            #expect(again.status == 409)
        }
    }

    @Test("lists and reports show an agency its own records alone")
    func reading() async throws {
        try await CareServer.with { server, care in
            _ = try await records(care)
            let casework = CallID(agency: "beaumont-pd", number: "B-7")
            for (agency, count) in [("beaumont-pd", 1), ("riverside-sheriff", 0)] as [(AgencyID, Int)] {
                let unit = try await server.token(.unit, of: agency, care)
                let supervisor = try await server.token(.supervisor, of: agency, care)
                for path in ["/v1/cases", "/v1/problems"] {
                    for token in [unit, supervisor] {
                        let listing = try await server.send("GET", path, token: token)
                        #expect(listing.text.contains(#""count":\#(count)"#), "\(path) \(token)")
                    }
                }
                for call in [casework, Samples.call] {
                    let report = try await server.send("GET", "/v1/episodes/\(call)", token: supervisor)
                    #expect(report.status == (count == 1 ? 200 : 403))
                }
            }
            let banning = try await server.token(.supervisor, of: "banning-pd", care)
            #expect(try await server.send("GET", "/v1/episodes/\(Samples.call)", token: banning).status == 200)
            #expect(try await server.send("GET", "/v1/episodes", token: banning).text.contains(#""count":1"#))
        }
    }

    @Test("what cannot be understood is refused with its place")
    func bodies() async throws {
        try await CareServer.with { server, care in
            let records = try await records(care)
            let path = "/v1/follow-ups/\(records.followUp)/attempts"
            for (path, body, status) in [
                (path, #"{"outcome":"reached","needs":["food"]}"#, 422),
                (path, #"{"outcome":"reached-needs","needs":["gold"]}"#, 422),
                (path, #"{"outcome":"reached-needs","consent":"maybe"}"#, 422),
                ("/v1/cases/\(records.file)", #"{"closed":true}"#, 422),
                ("/v1/cases/\(records.file)", #"{"nextAction":" ","deadline":"2026-11-09T00:00:00Z"}"#, 400),
                (
                    "/v1/problems/\(records.problem)",
                    #"{"stage":"closed","nextAction":"x","deadline":"2026-11-09T00:00:00Z"}"#, 422
                ),
                ("/v1/episodes/\(Samples.episode)/close", #"{"reason":"bored"}"#, 400),
                ("/v1/episodes/\(UUID())/close", #"{"reason":"reached"}"#, 404),
                ("/v1/cases/\(UUID())", #"{"closed":true,"reason":"x"}"#, 404),
            ] {
                #expect(try await server.send("POST", path, body).status == status, "\(path) \(body)")
            }
            let needs = try await server.send(
                "POST", path, #"{"outcome":"reached-needs","needs":["food"],"consent":"yes"}"#)
            #expect(needs.text.contains("referral.updated"))
        }
    }

    private struct Records {
        let followUp: FollowUpID
        let referral: ReferralID
        let file: CaseID
        let problem: ProblemID
    }

    /// Beaumont's call that Banning's pair answered, and casework of Beaumont's calls.
    private func records(_ care: CareDatabase) async throws -> Records {
        try await care.handle([
            .encounterCleared(Samples.cleared(needs: [.detox], unitAgency: "banning-pd")),
            .triaged(Samples.triaged(.businessLiaison, number: "B-7")), .problemDetected(Samples.detected(["B-7"])),
        ])
        let report = try #require(try await care.reader.report(Samples.episode.uuid))
        let casework = try #require(try await care.reader.report(CallID(agency: "beaumont-pd", number: "B-7").uuid))
        return Records(
            followUp: try #require(report.followUps.first).id, referral: try #require(report.referrals.first).id,
            file: try #require(casework.cases.first).id, problem: try #require(casework.problems.first).id)
    }
}
