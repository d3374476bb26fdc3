import Contracts
import Foundation
import Postgres

/// What the routes read: nothing here locks or changes anything.
struct CareReader: Sendable {
    let database: PostgresClient

    /// What is done for a call, or in an episode: the episode with all that belongs to it, and the cases and problems
    /// that the call is part of. Nil when there is nothing.
    func report(_ id: UUID) async throws -> EpisodeReport? {
        let rows = try await database.query(
            """
            select \(unescaped: CareEpisode.columns) from episodes e where e.id = \(id) or e.call_id = \(id)
            order by e.opened_at desc limit 1
            """)
        guard let episode = try rows.first.map(CareEpisode.init) else { return try await casework(CallID(id)) }
        let followUps = try await database.query(
            """
            select \(unescaped: FollowUpSnapshot.columns) from follow_ups f join episodes e on e.id = f.episode_id
            where e.id = \(episode.id.uuid) order by f.due, f.id
            """)
        let referrals = try await database.query(
            """
            select \(unescaped: ReferralSnapshot.columns) from referrals r join episodes e on e.id = r.episode_id
            where e.id = \(episode.id.uuid) order by r.need, r.updated_at, r.id
            """)
        return EpisodeReport(
            agencies: episode.agencies, episode: episode.snapshot, unmetNeeds: episode.person.unmetNeeds,
            consent: episode.person.consent,
            followUps: try followUps.map(FollowUpSnapshot.init), referrals: try referrals.map(ReferralSnapshot.init),
            cases: try await cases(of: episode.snapshot.call), problems: try await problems(of: episode.snapshot.call))
    }

    /// Many calls need an officer's casework and no episode of care.
    private func casework(_ call: CallID) async throws -> EpisodeReport? {
        let (cases, problems) = (try await cases(of: call), try await problems(of: call))
        guard !cases.isEmpty || !problems.isEmpty else { return nil }
        return EpisodeReport(
            agencies: try await agencies(of: call), episode: nil, unmetNeeds: [], consent: .unknown, followUps: [],
            referrals: [], cases: cases,
            problems: problems)
    }

    /// Open episodes, the most urgent first.
    ///
    /// - Parameter orphans: only those that nobody would notice: without owner, next action or deadline, or overdue by
    ///   more than `grace` with no follow-up and no referral left that would bring them up again. There must be none.
    func openEpisodes(
        orphans: Bool, agency: AgencyID?, at now: Date, limit: Int
    ) async throws -> [EpisodeSnapshot] {
        let grace: TimeInterval = 3600
        return try await database.query(
            """
            select \(unescaped: CareEpisode.columns) from episodes e
            where e.status = 'open' and (\(agency?.rawValue as String?) is null
                    or \(agency?.rawValue as String?) = any(e.agency || e.responders))
                and (not \(orphans) or e.owner = '' or e.next_action = '' or e.deadline is null
                    or (e.deadline < \(now - grace)
                        and not exists (
                            select from follow_ups f where f.episode_id = e.id and f.status in ('open', 'due'))
                        and not exists (
                            select from referrals r where r.episode_id = e.id
                                and r.status in ('draft', 'requested', 'accepted', 'in-progress', 'on-hold'))))
            order by e.deadline, e.id limit \(limit)
            """
        ).map { try CareEpisode($0).snapshot }
    }

    func cases(of call: CallID) async throws -> [CaseSnapshot] {
        try await database.query(
            """
            select \(unescaped: CaseFile.columns) from cases c
            where c.id in (select case_id from case_calls where call_id = \(call.uuid)) order by c.opened_at, c.id
            """
        ).map { try CaseFile($0).snapshot }
    }

    func problems(of call: CallID) async throws -> [ProblemSnapshot] {
        try await database.query(
            """
            select \(unescaped: ProblemSnapshot.columns) from problems p
            where p.id in (select problem_id from problem_calls where call_id = \(call.uuid))
            order by p.opened_at, p.id
            """
        ).map(ProblemSnapshot.init)
    }

    /// Immediate cases first, then by deadline.
    ///
    /// - Parameter agency: only those that a call of this agency is part of.
    func openCases(program: Program?, agency: AgencyID?, limit: Int) async throws -> [CaseSnapshot] {
        try await database.query(
            """
            select \(unescaped: CaseFile.columns) from cases c
            where c.status <> 'closed' and (\(program?.rawValue as String?) is null or c.program = \(program?.rawValue as String?))
                and (\(agency?.rawValue as String?) is null or exists (
                    select from case_calls k join triaged_calls t using (call_id)
                    where k.case_id = c.id and t.agency = \(agency?.rawValue as String?)))
            order by c.status = 'immediate' desc, c.deadline, c.id limit \(limit)
            """
        ).map { try CaseFile($0).snapshot }
    }

    func openProblems(agency: AgencyID?, limit: Int) async throws -> [ProblemSnapshot] {
        try await database.query(
            """
            select \(unescaped: ProblemSnapshot.columns) from problems p
            where p.stage <> 'closed' and (\(agency?.rawValue as String?) is null or exists (
                select from problem_calls k join triaged_calls t using (call_id)
                where k.problem_id = p.id and t.agency = \(agency?.rawValue as String?)))
            order by p.deadline, p.id limit \(limit)
            """
        ).map(ProblemSnapshot.init)
    }

    /// The service that a referral went to; nil when there is no such referral.
    func service(of referral: ReferralID) async throws -> UUID? {
        let rows = try await database.query("select service_id from referrals where id = \(referral.uuid)")
        return try rows.first?.decode(UUID.self)
    }

    func capacity(_ directory: Directory) async throws -> [UUID: CapacityObservation] {
        try await CapacityStore.latest(directory) { try await database.query($0) }
    }
}

/// One person's care, whole: what `copps follow` shows.
struct EpisodeReport: Codable, Sendable, Equatable {
    /// Whose record it is: the call's agency, and those whose units met the person.
    let agencies: [AgencyID]
    let episode: EpisodeSnapshot?
    let unmetNeeds: [Need]
    let consent: Fact
    let followUps: [FollowUpSnapshot]
    let referrals: [ReferralSnapshot]
    var cases: [CaseSnapshot]
    var problems: [ProblemSnapshot]
}
