import Contracts
import Foundation
import Postgres

/// What people look up. Reads only, without locks.
struct RoutingQueries: Sendable {
    let database: PostgresClient

    func assignment(_ id: AssignmentID) async throws -> AssignmentSnapshot? {
        try await snapshots("select snapshot from assignments where id = \(id.uuid)").first
    }

    /// A call's assignments, also when it joined another call's: the one under way, then the latest first.
    func assignments(ofCall call: CallID) async throws -> [AssignmentSnapshot] {
        try await snapshots(
            """
            select snapshot from assignments
            where call_id in (
                select \(call.uuid)
                union select joined_to from routed_calls where id = \(call.uuid) and standing = 'joined')
            order by is_active desc, offered_at desc, id
            """)
    }

    /// The assignments under way now, the latest first.
    func activeAssignments() async throws -> [AssignmentSnapshot] {
        try await snapshots("select snapshot from assignments where is_active order by offered_at desc, id")
    }

    /// Those under way about which their pair, having taken them, has said nothing since then; the longest silent first.
    func assignments(silentSince date: Date) async throws -> [AssignmentSnapshot] {
        try await snapshots(
            """
            select snapshot from assignments
            where is_active and status <> 'offered' and reported_at <= \(date) order by reported_at, id
            """)
    }

    func call(_ id: CallID) async throws -> RoutedCall? {
        try await documents(RoutedCall.self, "select body from routed_calls where id = \(id.uuid)").first
    }

    /// What was decided about a call, in order.
    func decisions(_ call: CallID) async throws -> [RoutingDecision] {
        try await documents(
            RoutingDecision.self,
            "select body from routing_decisions where call_id = \(call.uuid) order by recorded")
    }

    func exceptions(endingAfter date: Date) async throws -> [RosterException] {
        try await documents(
            RosterException.self,
            "select body from roster_exceptions where ends_at > \(date) order by starts_at, id")
    }

    func closure() async throws -> RoadClosure {
        try await documents(RoadClosure.self, "select body from road_closure").first ?? RoadClosure()
    }

    func ledger(from start: Date, to end: Date) async throws -> ClinicianLedger {
        try await ClinicianLedger(
            rows: database.query(
                """
                select clinician, community, sum(minutes)::int8 from clinician_minutes
                where cleared_at >= \(start) and cleared_at < \(end) group by clinician, community
                """))
    }

    private func snapshots(_ sql: SQL) async throws -> [AssignmentSnapshot] {
        try await documents(AssignmentSnapshot.self, sql)
    }

    private func documents<Value: Decodable>(_ type: Value.Type, _ sql: SQL) async throws -> [Value] {
        try await database.query(sql).map { try ContractJSON.decode(type, from: try $0.decode(JSONB.self).bytes) }
    }
}
