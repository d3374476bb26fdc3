import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import CBATRouting

@Suite("Routing in the database", .privateDatabase)
struct RoutingStoreTests {
    private func unit(_ unit: String, _ status: UnitStatus, _ at: Date, outcome: EncounterOutcome? = nil)
        -> RoutingInput
    {
        .unitStatus(
            UnitStatusChanged(agency: "beaumont-pd", unit: unit, status: status, at: at, outcome: outcome))
    }

    @Test("what a batch changed is there for the next one, to the last word")
    func roundTrip() async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            let call = Samples.triaged("1", language: "es")
            let other = Samples.triaged("9", agency: "banning-pd", duplicateOf: call.call)
            #expect(
                try await database.handle([.triaged(call), .triaged(other)], at: now).facts == ["offered", "joined"])
            #expect(try await database.handle([.triaged(call)], at: now).isEmpty)
            try await database.handle([unit("CBAT1", .enroute, now + 10)], at: now + 10)
            let outcome = EncounterOutcome(disposition: .safetyPlan, needs: [.crisis], consent: .yes)
            let events = try await database.handle(
                [unit("CBAT1", .contact, now + 600), unit("CBAT1", .cleared, now + 3010, outcome: outcome)],
                at: now + 3010)
            #expect(events.facts == ["progressed", "cleared"])
            let stored = try await database.queries.assignments(ofCall: other.call)
            #expect(stored == [try events.first(EncounterCleared.self).assignment])
            #expect(try await database.queries.call(call.call)?.owner == .clinician)
            let ledger = try await database.queries.ledger(from: now, to: now + 7200)
            #expect(ledger.minutes == ["clinician-sample": [.beaumont: 50]])
            #expect(try await database.queries.activeAssignments().isEmpty)
        }
    }

    @Test("what was decided can be read again: candidates, scores, runner-up and reason")
    func decisions() async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            let call = Samples.triaged("1")
            try await database.handle([.triaged(call), unit("CBAT1", .declined, now + 5)], at: now)
            let decisions = try await database.queries.decisions(call.call)
            #expect(decisions.map(\.outcome) == [.offered, .offered])
            #expect(decisions.first?.choice?.runnerUp?.unit == "CBAT2")
            #expect(decisions.last?.choice?.setAside.contains(SetAside(pairing: "beaumont", reason: .asked)) == true)
            #expect(try await database.queries.assignments(ofCall: call.call).map(\.status) == [.offered, .declined])
        }
    }

    @Test("however many calls were routed before, a batch reads only those it is about")
    func scale() async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            let calls = (1...2000).map { Samples.triaged("\($0)") }
            let joined = (1...5).map { Samples.triaged("\($0)", agency: "banning-pd", duplicateOf: calls[0].call) }
            try await database.handle((calls + joined).map(RoutingInput.triaged), at: now)
            try await database.client.execute("analyze routed_calls")
            let message = Message(
                id: .v7(), body: RoutingInput.triaged(joined[0]), handledAt: now, correlation: nil, trace: .root())
            let (walked, state) = try await database.client.transaction { transaction in
                let before = try await rowsRead(transaction)
                let state = try await database.handler.load([message], in: transaction)
                return (try await rowsRead(transaction) - before, state)
            }
            // And the calls that pairs are on.
            #expect(Set(state.calls.keys).isSuperset(of: (joined + [calls[0]]).map(\.call)))
            #expect(walked < 100)
        }
    }

    /// Of the calls, by whatever way.
    private func rowsRead(_ transaction: Transaction) async throws -> Int {
        try await transaction.query(
            """
            select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables
            where relid = 'routed_calls'::regclass
            """
        ).first?.decode(Int.self) ?? 0
    }

    @Test("calls routed at the same moment get different pairs", arguments: 0..<3)
    func concurrency(_ round: Int) async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            let events = try await withThrowingTaskGroup { group in
                for number in 1...5 {
                    group.addTask {
                        try await database.handle([.triaged(Samples.triaged("\(number)", level: 3))], at: now).facts
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(events.sorted() == ["handed-off", "handed-off", "offered", "offered", "offered"])
            let active = try await database.queries.activeAssignments()
            #expect(Set(active.map(\.unit)) == ["CBAT1", "CBAT2", "CBAT3"])
        }
    }

    @Test("the same pair may end one assignment and begin another in one batch")
    func endAndBegin() async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 08:00")  // only CBAT1 rides
            try await database.handle([.triaged(Samples.triaged("1"))], at: now)
            let events = try await database.handle(
                [
                    .triaged(Samples.triaged("1", decision: 2, status: .cancelled)),
                    .triaged(Samples.triaged("2")),
                ], at: now)
            #expect(events.facts == ["cancelled", "handed-off", "offered"])
        }
    }

    @Test("exceptions and closures are kept and taken into account")
    func exceptions() async throws {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 15:00")
            let out = RosterException(
                id: .v5("exception"), kind: .outOfService, pairing: "beaumont", substitute: nil,
                span: Span(start: now, end: now + 7200), reason: "Vehicle", madeBy: "test")
            let closed = ClosureCommand(closed: ["i10-beaumont-banning"], reason: "Crash", by: "test")
            try await database.handle([.exception(out), .closure(closed)], at: now)
            let offered = try await database.handle([.triaged(Samples.triaged("1"))], at: now)
                .first(AssignmentOffered.self)
            #expect(offered.assignment.unit == "CBAT2")
            #expect(offered.travelMinutes == 24)
            #expect(try await database.queries.exceptions(endingAfter: now) == [out])
            #expect(try await database.queries.exceptions(endingAfter: now + 7200).isEmpty)
            try await database.handle([.withdrawal(out.id)], at: now)
            #expect(try await database.queries.exceptions(endingAfter: now).isEmpty)
            #expect(try await database.queries.closure().legs == ["i10-beaumont-banning"])
        }
    }

    @Test(
        "the database itself refuses a second active assignment",
        arguments: [
            ("one_active_a_call", "1", "CBAT9", "o9", "c9"), ("one_active_a_unit", "2", "CBAT1", "o9", "c9"),
            ("one_active_an_officer", "2", "CBAT9", "officer-sample", "c9"),
            ("one_active_a_clinician", "2", "CBAT9", "o9", "clinician-sample"),
        ])
    func uniqueness(_ index: String, _ number: String, _ unit: String, _ officer: String, _ clinician: String)
        async throws
    {
        try await RoutingDatabase.with { database in
            let now = try Samples.time("2026-11-04 08:00")
            try await database.handle(
                [.triaged(Samples.triaged("1")), .triaged(Samples.triaged("2"))], at: now)
            let call = CallID(agency: "beaumont-pd", number: number).uuid
            let error = await #expect(throws: PostgresError.self) {
                try await database.client.execute(
                    """
                    insert into assignments (
                        id, call_id, pairing, unit_agency, unit, officer, clinician, status, is_active, version,
                        offered_at, snapshot)
                    values (\(UUID.v7()), \(call), 'x', 'beaumont-pd', \(unit), \(officer), \(clinician), 'offered',
                        true, 1, now(), '{}')
                    """)
            }
            #expect(error?.constraint == "assignments_\(index)")
        }
    }
}
