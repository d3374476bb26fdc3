import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import TestSupport
import Testing

@testable import OutreachResources

@Suite("Care in the database", .privateDatabase)
struct CareStoreTests {
    @Test("what was decided is what is read back")
    func roundTrip() async throws {
        try await CareDatabase.with { care in
            try await care.handle([.encounterCleared(Samples.cleared(needs: [.detox, .youth]))])
            for id in [Samples.episode.uuid, Samples.call.uuid] {
                let report = try #require(try await care.reader.report(id))
                #expect(report.episode?.owner == .clinician)
                #expect(report.episode?.deadline == Samples.now + Samples.day)
                #expect(report.followUps.map(\.window) == ["24h", "72h", "7d", "30d"])
                #expect(report.referrals.map(\.need) == [.detox])
                #expect(report.unmetNeeds == [.youth])
                #expect(report.consent == .yes)
            }
            #expect(try await care.reader.report(UUID()) == nil)
        }
    }

    @Test("commands and timers find the episode by what they name")
    func laterSteps() async throws {
        try await CareDatabase.with { care in
            try await care.handle([.encounterCleared(Samples.cleared(needs: [.detox]))])
            let opened = try #require(try await care.reader.report(Samples.call.uuid))
            let referral = try #require(opened.referrals.first)
            try await care.handle([.followUpTimer(opened.followUps[0].id)], at: opened.followUps[0].due)
            try await care.handle(
                [
                    .command(.recordAttempt(opened.followUps[0].id, .notReached, by: "clinician-1")),
                    .command(.moveReferral(referral.id, to: .rejected, by: .receiver, reason: "no-capacity")),
                ], at: opened.followUps[0].due + 60)
            let report = try #require(try await care.reader.report(Samples.call.uuid))
            #expect(report.followUps[0].status == "due")
            #expect(report.followUps[0].attempts == 1)
            #expect(report.referrals.map(\.status).sorted() == ["rejected", "requested"])
            let seen = try await care.reader.capacity(care.directory)
            #expect(seen[referral.service]?.band == .full)
            #expect(try await care.reader.service(of: referral.id) == referral.service)
        }
    }

    @Test("one batch may hold a whole story")
    func oneBatch() async throws {
        try await CareDatabase.with { care in
            let later = Samples.now + 13 * Samples.hour
            try await care.handle(
                [
                    .deferred(Samples.deferred()), .encounterCleared(Samples.cleared(at: later)),
                    .triaged(Samples.triaged(.businessLiaison)),
                    .triaged(Samples.triaged(.businessLiaison, number: "B-2")),
                    .problemDetected(Samples.detected(["B-1", "B-2"])),
                ], at: later)
            let report = try #require(try await care.reader.report(Samples.call.uuid))
            #expect(report.episode?.owner == .clinician)
            #expect(report.followUps.count == 5)
            #expect(report.cases.map(\.calls.count) == [2])
            #expect(report.problems.map(\.calls.count) == [2])
        }
    }

    @Test("a dormant case gives way to a new one in the same transaction, and no place has two open ones")
    func dormant() async throws {
        try await CareDatabase.with { care in
            try await care.handle([.triaged(Samples.triaged(.businessLiaison))])
            let later = Samples.now + 31 * Samples.day
            try await care.handle([.triaged(Samples.triaged(.businessLiaison, number: "B-2", at: later))], at: later)
            let open = try await care.reader.openCases(program: .businessLiaison, agency: nil, limit: 10)
            #expect(open.map(\.calls) == [[CallID(agency: "beaumont-pd", number: "B-2")]])
            let report = try #require(try await care.reader.report(CallID(agency: "beaumont-pd", number: "B-2").uuid))
            #expect(report.episode == nil)
            #expect(report.cases == open)
        }
    }

    @Test("two at once open one case, not two")
    func concurrent() async throws {
        try await CareDatabase.with { care in
            async let first: Void = care.handle([.triaged(Samples.triaged(.homelessOutreach))])
            async let second: Void = care.handle([.triaged(Samples.triaged(.homelessOutreach, number: "B-2"))])
            _ = try await (first, second)
            let open = try await care.reader.openCases(program: .homelessOutreach, agency: nil, limit: 10)
            #expect(open.map(\.calls.count) == [2])
        }
    }

    @Test("the database itself refuses an open episode without owner or next action, and a second one for a call")
    func invariant() async throws {
        try await CareDatabase.with { care in
            try await care.handle([.encounterCleared(Samples.cleared())])
            let broken: [SQL] = [
                "update episodes set owner = ''", "update episodes set next_action = ''",
                "update episodes set deadline = null", "update episodes set closed_at = now()",
                """
                insert into episodes select (json_populate_record(e, json_build_object('id', \(UUID())))).* from episodes e
                """,
            ]
            for sql in broken {
                await #expect(throws: PostgresError.self) { try await care.database.execute(sql) }
            }
        }
    }

    @Test("a task, the agencies that met the person and the reason of the end are read back as they were decided")
    func decisions() async throws {
        try await CareDatabase.with { care in
            try await care.handle([.encounterCleared(Samples.cleared(unitAgency: "banning-pd"))])
            try await care.handle([
                .command(
                    .assignEpisode(
                        Samples.episode, action: "Visit at home", to: .outreachOfficer, by: Samples.now + Samples.hour)
                )
            ])
            #expect(try await care.reader.agencies(of: Samples.episode) == ["beaumont-pd", "banning-pd"])
            try await care.handle([.episodeDeadline(Samples.episode)], at: Samples.now + Samples.hour)
            let overdue = try #require(try await care.reader.report(Samples.call.uuid)?.episode)
            #expect(overdue.nextAction == "Visit at home: overdue")
            #expect(overdue.owner == .outreachOfficer)
            #expect(overdue.deadline == Samples.now + Samples.hour + Samples.day)
            try await care.handle([.command(.closeEpisode(Samples.episode, because: .otherCare))])
            let closed = try #require(try await care.reader.report(Samples.call.uuid)?.episode)
            #expect(closed.status == "closed")
            #expect(closed.closedBecause == "other-care")
            for agency in ["beaumont-pd", "banning-pd", "riverside-sheriff"] as [AgencyID] {
                let open = try await care.reader.openEpisodes(
                    orphans: false, agency: agency, at: Samples.now, limit: 9)
                #expect(open.isEmpty)
            }
        }
    }

    @Test("a case and a problem belong to the agencies of their calls, also of those that triage told of later")
    func ownership() async throws {
        try await CareDatabase.with { care in
            try await care.handle([
                .triaged(Samples.triaged(.businessLiaison)),
                .problemDetected(Samples.detected(["B-1"])),
                .triaged(Samples.triaged(.businessLiaison, number: "N-1", agency: "banning-pd")),
            ])
            let file = try #require(try await care.reader.openCases(program: nil, agency: "banning-pd", limit: 9).first)
            #expect(file.agencies == ["banning-pd", "beaumont-pd"])
            let problem = try #require(try await care.reader.openProblems(agency: "beaumont-pd", limit: 9).first)
            #expect(problem.agencies == ["beaumont-pd"])
            #expect(try await care.reader.openCases(program: nil, agency: "riverside-sheriff", limit: 9).isEmpty)
            #expect(try await care.reader.openProblems(agency: "banning-pd", limit: 9).isEmpty)
            try await care.handle([
                .command(.reviseCase(file.id, .closed(because: "solved"))),
                .command(
                    .reviseProblem(problem.id, to: .analysis, .next(action: "Ask", deadline: Samples.now + Samples.day))
                ),
            ])
            let report = try #require(try await care.reader.report(CallID(agency: "beaumont-pd", number: "B-1").uuid))
            #expect(report.cases.map(\.closedBecause) == ["solved"])
            #expect(report.problems.map(\.stage) == ["analysis"])
            await #expect(throws: Refusal.self) {
                try await care.handle([.command(.reviseCase(file.id, .closed(because: "again")))])
            }
        }
    }

    @Test("no episode is an orphan, and one that lost its timers would be found")
    func orphans() async throws {
        try await CareDatabase.with { care in
            try await care.handle([.encounterCleared(Samples.cleared(.refused))])
            #expect(
                try await care.reader.openEpisodes(orphans: false, agency: nil, at: Samples.now, limit: 9).count == 1)
            #expect(try await care.reader.openEpisodes(orphans: false, agency: "x", at: Samples.now, limit: 9).isEmpty)
            #expect(try await care.reader.openEpisodes(orphans: true, agency: nil, at: Samples.now, limit: 9).isEmpty)
            let late = Samples.now + Samples.day
            #expect(try await care.reader.openEpisodes(orphans: true, agency: nil, at: late, limit: 9).count == 1)
        }
    }
}
