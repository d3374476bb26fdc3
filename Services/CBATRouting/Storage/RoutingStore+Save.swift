import Contracts
import Foundation
import Postgres

extension RoutingStore {
    /// Writes what the batch changed; it travels with the commit.
    func save(_ state: RoutingState) throws {
        try save(state.changes.calls.compactMap { state.calls[$0] }.sorted { $0.id < $1.id })
        // Ended ones first: the same pair may have ended one and begun another in this batch.
        try save(
            state.changes.assignments.compactMap { state.assignments[$0] }
                .sorted { ($0.isActive ? 1 : 0, $0.id) < ($1.isActive ? 1 : 0, $1.id) })
        try save(state.changes.pairs.compactMap { state.pairs[$0] }.sorted { $0.pairing < $1.pairing })
        save(state.changes.entries)
        if !state.changes.decisions.isEmpty { keep(state.roster) }
        try save(state.changes.decisions)
        try save(state.changes.exceptions)
        if !state.changes.withdrawn.isEmpty {
            transaction.enqueue("delete from roster_exceptions where id = any(\(state.changes.withdrawn))")
        }
        if state.changes.isClosureChanged {
            transaction.enqueue(
                """
                insert into road_closure (body) values (\(try JSONB(state.closure)))
                on conflict (id) do update set body = excluded.body
                """)
        }
    }

    /// Every roster that decided anything can be read again.
    private func keep(_ roster: Roster) {
        transaction.enqueue(
            """
            insert into rosters (hash, version, body) values (\(roster.hash), \(roster.version), \(roster.text))
            on conflict do nothing
            """)
    }

    private func save(_ calls: [RoutedCall]) throws {
        guard !calls.isEmpty else { return }
        transaction.enqueue(
            """
            insert into routed_calls (id, standing, owner, joined_to, possible_duplicate_of, decision, body)
            select * from unnest(
                \(calls.map(\.id.uuid)), \(calls.map(\.standing.rawValue)), \(calls.map(\.owner?.rawValue)),
                \(calls.map(\.joinedTo?.uuid)), \(calls.map(\.possibleDuplicateOf?.uuid)),
                \(calls.map { Int32(clamping: $0.decision) }), \(try calls.map { try JSONB($0) }))
            on conflict (id) do update set
                standing = excluded.standing, owner = excluded.owner, joined_to = excluded.joined_to,
                possible_duplicate_of = excluded.possible_duplicate_of, decision = excluded.decision,
                body = excluded.body, updated_at = clock_timestamp()
            """)
    }

    private func save(_ assignments: [Assignment]) throws {
        guard !assignments.isEmpty else { return }
        let snapshots = assignments.map(\.snapshot)
        transaction.enqueue(
            """
            insert into assignments (
                id, call_id, pairing, unit_agency, unit, officer, clinician, status, is_active, version, offered_at,
                reported_at, snapshot)
            select * from unnest(
                \(snapshots.map(\.id.uuid)), \(snapshots.map(\.call.uuid)), \(snapshots.map(\.pairing)),
                \(snapshots.map(\.unitAgency.rawValue)), \(snapshots.map(\.unit)), \(assignments.map(\.officer)),
                \(assignments.map(\.clinician)), \(snapshots.map(\.status.rawValue)),
                \(assignments.map(\.isActive)), \(snapshots.map { Int32(clamping: $0.version) }),
                \(snapshots.map(\.offeredAt)), \(assignments.map(\.reportedAt)), \(try snapshots.map { try JSONB($0) }))
            on conflict (id) do update set
                status = excluded.status, is_active = excluded.is_active, version = excluded.version,
                reported_at = excluded.reported_at, snapshot = excluded.snapshot
            """)
    }

    private func save(_ pairs: [PairState]) throws {
        guard !pairs.isEmpty else { return }
        transaction.enqueue(
            """
            insert into pair_states (id, body)
            select * from unnest(\(pairs.map(\.pairing)), \(try pairs.map { try JSONB($0) }))
            on conflict (id) do update set body = excluded.body
            """)
    }

    private func save(_ entries: [ClinicianLedger.Entry]) {
        guard !entries.isEmpty else { return }
        transaction.enqueue(
            """
            insert into clinician_minutes (assignment_id, clinician, community, minutes, cleared_at)
            select * from unnest(
                \(entries.map(\.assignment.uuid)), \(entries.map(\.clinician)), \(entries.map(\.community.rawValue)),
                \(entries.map { Int32(clamping: $0.minutes) }), \(entries.map(\.clearedAt)))
            """)
    }

    private func save(_ decisions: [RoutingDecision]) throws {
        guard !decisions.isEmpty else { return }
        transaction.enqueue(
            """
            insert into routing_decisions (id, call_id, decided_at, outcome, roster_hash, body)
            select * from unnest(
                \(decisions.map(\.id)), \(decisions.map(\.call.uuid)), \(decisions.map(\.at)),
                \(decisions.map(\.outcome.rawValue)), \(decisions.map(\.rosterHash)),
                \(try decisions.map { try JSONB($0) }))
            """)
    }

    private func save(_ exceptions: [RosterException]) throws {
        guard !exceptions.isEmpty else { return }
        transaction.enqueue(
            """
            insert into roster_exceptions (id, pairing, starts_at, ends_at, body)
            select * from unnest(
                \(exceptions.map(\.id)), \(exceptions.map(\.pairing)), \(exceptions.map(\.span.start)),
                \(exceptions.map(\.span.end)), \(try exceptions.map { try JSONB($0) }))
            """)
    }
}
