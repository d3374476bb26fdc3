import Contracts
import Foundation
import Postgres

// Whose record something is: the agencies whose people may read and move it. Nil when there is no such thing.

extension CareReader {
    func agencies(of episode: EpisodeID) async throws -> [AgencyID]? {
        try await agencies("select e.agency || e.responders from episodes e where e.id = \(episode.uuid)")
    }

    func agencies(of followUp: FollowUpID) async throws -> [AgencyID]? {
        try await agencies(
            """
            select e.agency || e.responders from episodes e join follow_ups f on f.episode_id = e.id
            where f.id = \(followUp.uuid)
            """)
    }

    func agencies(of referral: ReferralID) async throws -> [AgencyID]? {
        try await agencies(
            """
            select e.agency || e.responders from episodes e join referrals r on r.episode_id = e.id
            where r.id = \(referral.uuid)
            """)
    }

    func agencies(of file: CaseID) async throws -> [AgencyID]? {
        try await agencies(
            """
            select array(select t.agency from case_calls k join triaged_calls t using (call_id) where k.case_id = c.id)
            from cases c where c.id = \(file.uuid)
            """)
    }

    func agencies(of problem: ProblemID) async throws -> [AgencyID]? {
        try await agencies(
            """
            select array(
                select t.agency from problem_calls k join triaged_calls t using (call_id) where k.problem_id = p.id)
            from problems p where p.id = \(problem.uuid)
            """)
    }

    /// Of a call that triage told of; none when it did not.
    func agencies(of call: CallID) async throws -> [AgencyID] {
        try await agencies("select array[t.agency] from triaged_calls t where t.call_id = \(call.uuid)") ?? []
    }

    private func agencies(_ sql: SQL) async throws -> [AgencyID]? {
        try await database.query(sql).first?.decode([String].self).map(AgencyID.init(rawValue:))
    }
}
