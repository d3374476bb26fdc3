import Contracts
import Foundation
import Postgres

/// Reads and locks what a batch touches, in a fixed order, and writes back what it changed: one statement a table.
struct CareStore {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Rows that do not exist yet cannot be locked, so their keys are: two batches never open the same thing twice.
    func state(touchedBy keys: CareKeys, directory: Directory) async throws -> CareState {
        var state = CareState(directory: directory)
        lock(keys)
        state.episodes = try await episodes(keys)
        state.followUps = try await followUps(of: state.episodes)
        state.referrals = try await referrals(of: state.episodes)
        if !keys.calls.isEmpty || !keys.places.isEmpty || !keys.cases.isEmpty || !keys.problems.isEmpty {
            state.triaged = try await triaged(keys.calls.union(keys.problemCalls))
            state.cases = try await cases(keys)
            state.problems = try await problems(keys)
        }
        if !keys.episodes.isEmpty || !keys.referrals.isEmpty || !keys.followUps.isEmpty {
            state.capacity = try await CapacityStore.latest(directory) { try await transaction.query($0) }
        }
        return state
    }

    private func lock(_ keys: CareKeys) {
        let names =
            keys.calls.map(\.description) + keys.places.map(\.description) + keys.episodes.map(\.description)
        guard !names.isEmpty else { return }
        transaction.enqueue(
            """
            select pg_advisory_xact_lock(hash) from (
                select distinct hashtextextended(name, 0) as hash from unnest(\(names)) as name order by hash) as sorted
            """)
    }

    private func episodes(_ keys: CareKeys) async throws -> Tracked<EpisodeID, CareEpisode> {
        let rows = try await transaction.query(
            """
            select \(unescaped: CareEpisode.columns) from episodes e where e.id in (
                select unnest(\(keys.episodes.map(\.uuid)))
                union select episode_id from follow_ups where id = any(\(keys.followUps.map(\.uuid)))
                union select episode_id from referrals where id = any(\(keys.referrals.map(\.uuid))))
            order by e.id for update
            """)
        return Tracked(try rows.map(CareEpisode.init), by: \.id)
    }

    private func followUps(
        of episodes: Tracked<EpisodeID, CareEpisode>
    ) async throws -> Tracked<FollowUpID, FollowUpSnapshot> {
        guard !episodes.all.isEmpty else { return Tracked() }
        let rows = try await transaction.query(
            """
            select \(unescaped: FollowUpSnapshot.columns) from follow_ups f join episodes e on e.id = f.episode_id
            where f.episode_id = any(\(episodes.all.map(\.id.uuid)))
            """)
        return Tracked(try rows.map(FollowUpSnapshot.init), by: \.id)
    }

    private func referrals(
        of episodes: Tracked<EpisodeID, CareEpisode>
    ) async throws -> Tracked<ReferralID, ReferralSnapshot> {
        guard !episodes.all.isEmpty else { return Tracked() }
        let rows = try await transaction.query(
            """
            select \(unescaped: ReferralSnapshot.columns) from referrals r join episodes e on e.id = r.episode_id
            where r.episode_id = any(\(episodes.all.map(\.id.uuid)))
            """)
        return Tracked(try rows.map(ReferralSnapshot.init), by: \.id)
    }

    private func triaged(_ calls: Set<CallID>) async throws -> Tracked<CallID, CareState.TriagedCall> {
        let rows = try await transaction.query(
            "select call_id, decision, agency from triaged_calls where call_id = any(\(calls.map(\.uuid)))")
        return Tracked(
            Dictionary(
                try rows.map { row in
                    let (call, decision, agency) = try row.decode(UUID.self, Int.self, String.self)
                    return (CallID(call), .init(decision: decision, agency: AgencyID(rawValue: agency)))
                }, uniquingKeysWith: { first, _ in first }))
    }

    private func cases(_ keys: CareKeys) async throws -> Tracked<CaseID, CaseFile> {
        let rows = try await transaction.query(
            """
            select \(unescaped: CaseFile.columns) from cases c where c.id in (
                select case_id from case_calls join cases on id = case_id
                    where status <> 'closed' and call_id = any(\(keys.calls.map(\.uuid)))
                union select id from cases where status <> 'closed' and place_id = any(\(keys.places.map(\.uuid)))
                union select unnest(\(keys.cases.map(\.uuid))))
            order by c.id for update
            """)
        return Tracked(try rows.map(CaseFile.init), by: \.snapshot.id)
    }

    private func problems(_ keys: CareKeys) async throws -> Tracked<ProblemID, ProblemSnapshot> {
        let rows = try await transaction.query(
            """
            select \(unescaped: ProblemSnapshot.columns) from problems p
            where (p.stage <> 'closed' and p.place_id = any(\(keys.places.map(\.uuid))))
                or p.id = any(\(keys.problems.map(\.uuid)))
            order by p.id for update
            """)
        return Tracked(try rows.map(ProblemSnapshot.init), by: \.id)
    }
}

extension Tracked {
    init(_ rows: [Value], by key: KeyPath<Value, Key>) {
        self.init(Dictionary(rows.map { ($0[keyPath: key], $0) }, uniquingKeysWith: { first, _ in first }))
    }
}
