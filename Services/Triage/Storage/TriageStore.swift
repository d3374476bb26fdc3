import Contracts
import Foundation
import Messaging
import Postgres

/// The SQL of the deciding transaction, a statement a table, whatever the size of the batch.
struct TriageStore {
    let transaction: Transaction

    /// Reads and locks calls, then places, each in id order. New ones get their row first, so that two transactions that
    /// meet a call or a place for the first time still wait for each other.
    func load(
        calls: Set<CallID>, new: Set<CallID>, places: Set<PlaceID>, since: Date, ruleSet: RuleSet
    ) async throws -> TriageState {
        transaction.enqueue(
            """
            insert into call_states (call_id)
            select id from unnest(\(new.sorted().map(\.uuid))) as id order by id on conflict do nothing
            """)
        transaction.enqueue(
            """
            insert into place_states (place_id)
            select id from unnest(\(places.sorted().map(\.uuid))) as id order by id on conflict do nothing
            """)
        let rows = try await transaction.query(
            """
            select record, exists (select from rule_sets where hash = \(ruleSet.hash)) from call_states
            where call_id = any (\(calls.map(\.uuid))) order by call_id for update
            """)
        var records: [CallID: CallRecord] = [:]
        var isStored = false
        for row in rows {
            let (document, stored) = try row.decode(JSONB?.self, Bool.self)
            isStored = stored
            guard let document else { continue }
            let record = try ContractJSON.decode(CallRecord.self, from: document.bytes)
            records[record.call.id] = record
        }
        return TriageState(
            calls: records, places: try await load(places, since: since), ruleSet: ruleSet, ruleSetIsStored: isStored)
    }

    private func load(_ ids: Set<PlaceID>, since: Date) async throws -> [PlaceID: PlaceRecord] {
        guard !ids.isEmpty else { return [:] }
        var places: [PlaceID: PlaceRecord] = [:]
        let states = try await transaction.query(
            """
            select place_id, is_announced from place_states
            where place_id = any (\(ids.map(\.uuid))) order by place_id for update
            """)
        for row in states {
            let (id, isAnnounced) = try row.decode(UUID.self, Bool.self)
            places[PlaceID(id)] = PlaceRecord(place: PlaceID(id), isAnnounced: isAnnounced)
        }
        let visits = try await transaction.query(
            """
            select call_id, place_id, received_at, program, counts from place_calls
            where place_id = any (\(ids.map(\.uuid))) and received_at > \(since)
            """)
        for row in visits {
            let (call, place, receivedAt, program, counts) = try row.decode(
                UUID.self, UUID.self, Date.self, String.self, Bool.self)
            places[PlaceID(place)]?.visits[CallID(call)] = Visit(
                call: CallID(call), place: PlaceID(place), receivedAt: receivedAt, program: Program(rawValue: program),
                counts: counts)
        }
        return places
    }

    /// Enqueued, not awaited: all of it travels with the commit.
    func save(_ state: TriageState) throws {
        guard let now = state.decisions.first?.decidedAt else { return }
        let ruleSet = state.ruleSet
        if !state.ruleSetIsStored {
            transaction.enqueue(
                """
                insert into rule_sets (hash, version, title, text, first_used_at)
                values (\(ruleSet.hash), \(ruleSet.version), \(ruleSet.title), \(ruleSet.text), \(now))
                on conflict do nothing
                """)
        }
        try save(state.decisions)
        try save(state.changedCalls.sorted().compactMap { state.calls[$0] })
        save(state.visits.values.sorted { $0.call < $1.call })
        save(state.changedPlaces.sorted().compactMap { state.places[$0] })
    }

    private func save(_ decisions: [Decision]) throws {
        transaction.enqueue(
            """
            insert into decisions (call_id, decision, call_version, rule_set_hash, handled_at, document)
            select * from unnest(
                \(decisions.map(\.call.uuid)), \(decisions.map(\.decision)), \(decisions.map(\.callVersion)),
                \(decisions.map(\.rulesSay.ruleSetHash)), \(decisions.map(\.decidedAt)),
                \(try decisions.map { JSONB(bytes: try ContractJSON.encode($0)) }))
            """)
    }

    private func save(_ records: [CallRecord]) throws {
        transaction.enqueue(
            """
            update call_states
            set version = new.version, status = new.status, is_overridden = new.is_overridden, record = new.record
            from unnest(
                \(records.map(\.call.id.uuid)), \(records.map(\.call.version)), \(records.map(\.call.status.rawValue)),
                \(records.map { $0.override != nil }),
                \(try records.map { JSONB(bytes: try ContractJSON.encode($0)) })
            ) as new (call_id, version, status, is_overridden, record)
            where call_states.call_id = new.call_id
            """)
    }

    private func save(_ visits: [Visit]) {
        guard !visits.isEmpty else { return }
        transaction.enqueue(
            """
            insert into place_calls (call_id, place_id, received_at, program, counts)
            select * from unnest(
                \(visits.map(\.call.uuid)), \(visits.map(\.place.uuid)), \(visits.map(\.receivedAt)),
                \(visits.map(\.program.rawValue)), \(visits.map(\.counts)))
            on conflict (call_id) do update set
                place_id = excluded.place_id, received_at = excluded.received_at, program = excluded.program,
                counts = excluded.counts
            """)
    }

    private func save(_ places: [PlaceRecord]) {
        guard !places.isEmpty else { return }
        transaction.enqueue(
            """
            update place_states set is_announced = new.is_announced
            from unnest(\(places.map(\.place.uuid)), \(places.map(\.isAnnounced))) as new (place_id, is_announced)
            where place_states.place_id = new.place_id
            """)
    }
}
