import Contracts
import Foundation
import Postgres

extension CareStore {
    /// Enqueues only: the writes travel with the commit.
    func save(_ state: CareState) {
        save(state.episodes.changed)
        save(state.followUps.changed)
        save(state.referrals.changed, directoryHash: state.directory.hash)
        save(state.attempts)
        save(state.observations)
        // The dormant before the new: a place has one open case.
        save(state.cases.changed.filter { !$0.isOpen })
        save(state.cases.changed.filter(\.isOpen))
        save(state.triaged.changes)
        save(state.problems.changed)
    }

    private func save(_ episodes: [CareEpisode]) {
        guard !episodes.isEmpty else { return }
        let rows = episodes.map(\.snapshot)
        let people = episodes.map(\.person)
        let unmet = people.map { $0.unmetNeeds.map(\.rawValue).joined(separator: ",") }
        let responders = episodes.map { $0.responders.inOrder.map(\.rawValue).joined(separator: ",") }
        transaction.enqueue(
            """
            insert into episodes (
                id, version, call_id, agency, community, status, owner, next_action, deadline, opened_at, closed_at,
                fact_at, language, age_band, legal_status, consent, unmet_needs, closed_because, closes_as, responders,
                task, task_action, task_owner, task_deadline)
            select id, version, call_id, agency, community, status, owner, next_action, deadline, opened_at, closed_at,
                fact_at, language, age_band, legal_status, consent, string_to_array(unmet_needs, ','), closed_because,
                closes_as, string_to_array(responders, ','), task, task_action, task_owner, task_deadline
            from unnest(
                \(rows.map(\.id.uuid)), \(rows.map(\.version)), \(rows.map(\.call.uuid)),
                \(rows.map(\.agency.rawValue)), \(rows.map(\.community.rawValue)), \(rows.map(\.status)),
                \(rows.map(\.owner.rawValue)), \(rows.map(\.nextAction)), \(rows.map(\.deadline)),
                \(rows.map(\.openedAt)), \(rows.map(\.closedAt)), \(episodes.map(\.factAt)),
                \(people.map(\.language)), \(people.map(\.ageBand?.rawValue)), \(people.map(\.legalStatus.rawValue)),
                \(people.map(\.consent.rawValue)), \(unmet), \(rows.map(\.closedBecause)),
                \(episodes.map(\.closesAs.rawValue)), \(responders), \(episodes.map(\.task?.kind.rawValue)),
                \(episodes.map(\.task?.action)), \(episodes.map(\.task?.owner.rawValue)),
                \(episodes.map(\.task?.deadline))
            ) as new (
                id, version, call_id, agency, community, status, owner, next_action, deadline, opened_at, closed_at,
                fact_at, language, age_band, legal_status, consent, unmet_needs, closed_because, closes_as, responders,
                task, task_action, task_owner, task_deadline)
            on conflict (id) do update set
                version = excluded.version, status = excluded.status, owner = excluded.owner,
                next_action = excluded.next_action, deadline = excluded.deadline, closed_at = excluded.closed_at,
                fact_at = excluded.fact_at, language = excluded.language, age_band = excluded.age_band,
                legal_status = excluded.legal_status, consent = excluded.consent, unmet_needs = excluded.unmet_needs,
                closed_because = excluded.closed_because, closes_as = excluded.closes_as,
                responders = excluded.responders, task = excluded.task, task_action = excluded.task_action,
                task_owner = excluded.task_owner, task_deadline = excluded.task_deadline
            """)
    }

    private func save(_ followUps: [FollowUpSnapshot]) {
        guard !followUps.isEmpty else { return }
        transaction.enqueue(
            """
            insert into follow_ups (
                id, episode_id, time_window, owner, not_before, due, expires, status, attempts)
            select * from unnest(
                \(followUps.map(\.id.uuid)), \(followUps.map(\.episode.uuid)), \(followUps.map(\.window)),
                \(followUps.map(\.owner.rawValue)), \(followUps.map(\.notBefore)), \(followUps.map(\.due)),
                \(followUps.map(\.expires)), \(followUps.map(\.status)), \(followUps.map(\.attempts)))
            on conflict (id) do update set status = excluded.status, attempts = excluded.attempts
            """)
    }

    private func save(_ referrals: [ReferralSnapshot], directoryHash: String) {
        guard !referrals.isEmpty else { return }
        transaction.enqueue(
            """
            insert into referrals (
                id, version, episode_id, need, service_id, status, status_reason, updated_at, directory_hash)
            select new.*, \(directoryHash) from unnest(
                \(referrals.map(\.id.uuid)), \(referrals.map(\.version)), \(referrals.map(\.episode.uuid)),
                \(referrals.map(\.need.rawValue)), \(referrals.map(\.service)), \(referrals.map(\.status)),
                \(referrals.map(\.statusReason)), \(referrals.map(\.updatedAt))) as new
            on conflict (id) do update set
                version = excluded.version, status = excluded.status, status_reason = excluded.status_reason,
                updated_at = excluded.updated_at
            """)
    }

    private func save(_ attempts: [CareState.Attempt]) {
        guard !attempts.isEmpty else { return }
        transaction.enqueue(
            """
            insert into follow_up_attempts (id, follow_up_id, outcome, made_by, at)
            select * from unnest(
                \(attempts.map(\.id)), \(attempts.map(\.followUp.uuid)), \(attempts.map(\.outcome.rawValue)),
                \(attempts.map(\.by)), \(attempts.map(\.at)))
            """)
    }

    /// The same observation reported again is the same observation.
    private func save(_ observations: [CapacityObservation]) {
        guard !observations.isEmpty else { return }
        transaction.enqueue(
            """
            insert into capacity_observations (service_id, observed_at, source, free_count, band)
            select * from unnest(
                \(observations.map(\.service)), \(observations.map(\.observedAt)), \(observations.map(\.source)),
                \(observations.map(\.count)), \(observations.map(\.band?.rawValue)))
            on conflict do nothing
            """)
    }
}
