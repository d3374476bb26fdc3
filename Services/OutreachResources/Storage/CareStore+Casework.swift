import Contracts
import Foundation
import Postgres

extension CareStore {
    func save(_ files: [CaseFile]) {
        guard !files.isEmpty else { return }
        let rows = files.map(\.snapshot)
        transaction.enqueue(
            """
            insert into cases (
                id, program, community, place_id, owner, status, next_action, deadline, opened_at, last_call_at,
                closed_because)
            select * from unnest(
                \(rows.map(\.id.uuid)), \(rows.map(\.program.rawValue)), \(rows.map(\.community.rawValue)),
                \(rows.map(\.place?.uuid)), \(rows.map(\.owner.rawValue)), \(rows.map(\.status)),
                \(rows.map(\.nextAction)), \(rows.map(\.deadline)), \(rows.map(\.openedAt)),
                \(files.map(\.lastCallAt)), \(rows.map(\.closedBecause)))
            on conflict (id) do update set
                status = excluded.status, next_action = excluded.next_action, deadline = excluded.deadline,
                last_call_at = excluded.last_call_at, closed_because = excluded.closed_because
            """)
        let calls = rows.flatMap { row in row.calls.enumerated().map { (row.id.uuid, $1.uuid, $0) } }
        transaction.enqueue(
            """
            insert into case_calls (case_id, call_id, ordinal)
            select * from unnest(\(calls.map(\.0)), \(calls.map(\.1)), \(calls.map(\.2))) on conflict do nothing
            """)
    }

    func save(_ calls: [(key: CallID, value: CareState.TriagedCall)]) {
        guard !calls.isEmpty else { return }
        transaction.enqueue(
            """
            insert into triaged_calls (call_id, decision, agency)
            select * from unnest(
                \(calls.map(\.key.uuid)), \(calls.map(\.value.decision)), \(calls.map(\.value.agency.rawValue)))
            on conflict (call_id) do update set decision = greatest(triaged_calls.decision, excluded.decision)
            """)
    }

    func save(_ problems: [ProblemSnapshot]) {
        guard !problems.isEmpty else { return }
        transaction.enqueue(
            """
            insert into problems (
                id, place_id, community, program, stage, owner, next_action, deadline, opened_at, closed_because)
            select * from unnest(
                \(problems.map(\.id.uuid)), \(problems.map(\.place.uuid)), \(problems.map(\.community.rawValue)),
                \(problems.map(\.program.rawValue)), \(problems.map(\.stage)), \(problems.map(\.owner.rawValue)),
                \(problems.map(\.nextAction)), \(problems.map(\.deadline)), \(problems.map(\.openedAt)),
                \(problems.map(\.closedBecause)))
            on conflict (id) do update set
                stage = excluded.stage, next_action = excluded.next_action, deadline = excluded.deadline,
                closed_because = excluded.closed_because
            """)
        let calls = problems.flatMap { row in row.calls.enumerated().map { (row.id.uuid, $1.uuid, $0) } }
        transaction.enqueue(
            """
            insert into problem_calls (problem_id, call_id, ordinal)
            select * from unnest(\(calls.map(\.0)), \(calls.map(\.1)), \(calls.map(\.2))) on conflict do nothing
            """)
    }
}
