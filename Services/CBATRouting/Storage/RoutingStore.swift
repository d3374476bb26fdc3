import Contracts
import Foundation
import Messaging
import Postgres

/// Reads and writes what a batch touches. Whoever decides about pairs holds the rows of all of them first, in the order
/// of their ids, so two decisions never see the same pair free.
struct RoutingStore {
    let transaction: Transaction

    func state(for batch: [Message<RoutingInput>], _ roster: Roster) async throws -> RoutingState {
        let pairs = try await lockPairs(of: roster)
        let wanted = Wanted(batch)
        let calls = try await calls(wanted)
        let at = batch.map(\.handledAt).min() ?? .distantPast
        return RoutingState(
            roster: roster, calls: calls, assignments: try await assignments(wanted, of: calls), pairs: pairs,
            ledger: try await ledger(since: at.addingTimeInterval(-86400 * Double(roster.fairness.windowDays))),
            exceptions: try await exceptions(endingAfter: at), closure: try await closure())
    }

    /// The calls and assignments that messages name.
    private struct Wanted {
        var calls: [UUID] = []
        var assignments: [UUID] = []

        init(_ batch: [Message<RoutingInput>]) {
            for message in batch {
                switch message.body {
                case .triaged(let triaged):
                    calls += [triaged.call.uuid] + (triaged.possibleDuplicateOf.map { [$0.uuid] } ?? [])
                case .unitStatus(let status): calls += status.call.map { [$0.uuid] } ?? []
                case .offerExpired(let offer):
                    calls.append(offer.call.uuid)
                    assignments.append(offer.assignment.uuid)
                case .silent(let silence):
                    calls.append(silence.call.uuid)
                    assignments.append(silence.assignment.uuid)
                case .command(let command): assignments.append(command.assignment.uuid)
                case .exception, .withdrawal, .closure: break
                }
            }
        }
    }

    private func lockPairs(of roster: Roster) async throws -> [PairState] {
        let ids = roster.pairings.map(\.id)
        var rows = try await pairRows(ids)
        if rows.count < ids.count {
            transaction.enqueue("insert into pair_states (id) select unnest(\(ids)) on conflict do nothing")
            rows = try await pairRows(ids)
        }
        return try rows.compactMap { row in
            try row.decode(JSONB?.self).map { try ContractJSON.decode(PairState.self, from: $0.bytes) }
        }
    }

    private func pairRows(_ ids: [String]) async throws -> [Row] {
        try await transaction.query(
            "select body from pair_states where id = any(\(ids)) order by id for update")
    }

    /// The calls named, those that pairs are on, and those that share an assignment with any of them.
    ///
    /// The ids come first: `id in (…) or joined_to in (…)` would walk all calls there ever were.
    private func calls(_ wanted: Wanted) async throws -> [RoutedCall] {
        try await transaction.query(
            """
            with named as (
                select unnest(\(wanted.calls)) as id
                union select call_id from assignments where is_active or id = any(\(wanted.assignments))
            ), roots as (
                select id from named
                union select c.joined_to from routed_calls c join named n on n.id = c.id where c.standing = 'joined'
            )
            select body from routed_calls
            where id = any(array(
                select id from roots
                union select j.id from routed_calls j join roots r on r.id = j.joined_to where j.standing = 'joined'
            ))
            order by id for update
            """
        ).map { try ContractJSON.decode(RoutedCall.self, from: try $0.decode(JSONB.self).bytes) }
    }

    /// Those under way, those named, and the earlier ones of the calls named.
    private func assignments(_ wanted: Wanted, of calls: [RoutedCall]) async throws -> [Assignment] {
        try await transaction.query(
            """
            select snapshot, officer, clinician, reported_at from assignments
            where is_active or id = any(\(wanted.assignments)) or call_id = any(\(calls.map(\.id.uuid)))
            order by id for update
            """
        ).map(Assignment.init(row:))
    }

    private func ledger(since date: Date) async throws -> ClinicianLedger {
        try await ClinicianLedger(
            rows: transaction.query(
                """
                select clinician, community, sum(minutes)::int8 from clinician_minutes
                where cleared_at >= \(date) group by clinician, community
                """))
    }

    private func exceptions(endingAfter date: Date) async throws -> [RosterException] {
        try await transaction.query(
            "select body from roster_exceptions where ends_at > \(date) order by starts_at, id"
        ).map { try ContractJSON.decode(RosterException.self, from: try $0.decode(JSONB.self).bytes) }
    }

    private func closure() async throws -> RoadClosure {
        let row = try await transaction.query("select body from road_closure").first
        return try row.map { try ContractJSON.decode(RoadClosure.self, from: try $0.decode(JSONB.self).bytes) }
            ?? RoadClosure()
    }
}

extension Assignment {
    /// Columns: snapshot, officer, clinician, reported_at.
    init(row: Row) throws {
        let (snapshot, officer, clinician, reportedAt) = try row.decode(
            JSONB.self, String.self, String.self, Date?.self)
        self.init(
            restoring: try ContractJSON.decode(AssignmentSnapshot.self, from: snapshot.bytes), officer: officer,
            clinician: clinician, reportedAt: reportedAt)
    }
}

extension ClinicianLedger {
    /// Columns: clinician, community, minutes.
    init(rows: [Row]) throws {
        self.init()
        for row in rows {
            let (clinician, community, minutes) = try row.decode(String.self, String.self, Int.self)
            add(minutes, of: clinician, in: Community(rawValue: community))
        }
    }
}

extension JSONB {
    init(_ value: some Encodable) throws {
        self.init(bytes: try ContractJSON.encode(value))
    }
}
