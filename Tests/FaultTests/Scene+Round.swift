import Contracts
import Foundation
import Postgres
import TestSupport
import Testing

extension Scene {
    /// Strikes under load, waits until all is quiet, and counts.
    func round(_ fault: Fault, number: Int) async throws -> Verdict {
        let start = ContinuousClock.now
        var verdict = Verdict(fault.name, round: number)
        let index = Fault.all.firstIndex { $0.name == fault.name } ?? 0
        let name = "f\(seed)-\(number)-\(index)"
        let random = SeededRandom(seed: seed &+ UInt64(number), for: fault.name)
        let parked = try await openParked()
        let began = Date()

        let (struck, calls) = try await underLoad(round: name) { [random] () -> Struck in
            var random = random
            do {
                try await awaitCalls(20)
                try await fault.strike(self, &random)
                let cleared = ContinuousClock.now
                try await awaitCalls(20)
                try await awaitRecovery(within: .seconds(90))
                return Struck(recovery: .now - cleared)
            } catch {
                return Struck(problem: "\(error)")
            }
        }

        // The audit knows what intake has taken; what still waits for intake only the dispatch systems know.
        try? await awaitRecovery(within: .seconds(60))
        let audit = try await copps.audit(wait: 60)
        verdict.problems = [struck.problem].compactMap(\.self) + complaints(audit)
        verdict.secondsToRecover = struck.recovery.inSeconds
        verdict.unexpected = audit.unexpected.values.reduce(0, +)
        // What came to a service past our ledgers, the audit does not wait for.
        let expected = parked + expectedParked
        _ = try await eventually(within: .seconds(30)) { try await openParked() >= expected }
        verdict.parked = try await openParked() - expected
        try await compare(calls, round: name, into: &verdict)
        verdict.disordered = try await disordered(
            since: feedStart, and: fault.keepsOrder ? began : Date.distantFuture)
        for service in copps.ended {
            verdict.problems.append("\(service) has ended")
            try copps.start(service)
        }
        verdict.seconds = (ContinuousClock.now - start).inSeconds
        note(verdict)
        return verdict
    }

    /// Rounds of all these faults, each time in another order, for as long as asked.
    func again(_ faults: [Fault]) async throws {
        let end = ContinuousClock.now + .seconds(Settings.minutes * 60)
        var number = 0
        while ContinuousClock.now < end {
            number += 1
            var random = SeededRandom(seed: seed &+ UInt64(number), for: "order")
            for fault in faults.shuffled(using: &random) where ContinuousClock.now < end {
                let verdict = try await round(fault, number: number)
                #expect(verdict.isClean, "\(verdict)")
            }
        }
    }

    private struct Struck: Sendable {
        var recovery = Duration.zero
        var problem: String?
    }

    /// What the dispatch systems know against what intake and the partners' feed know.
    private func compare(_ calls: Ledger.Calls, round: String, into verdict: inout Verdict) async throws {
        let attempted = Array(calls.attempted)
        let received = try await counts(of: CallReceived.type, attempted)
        let triaged = try await counts(of: CallTriaged.type, attempted)
        let rows = try await ask("select id from intake.calls where number like \(round + "-%")")
        let taken = Set(try rows.map { try $0.decode(UUID.self) })

        verdict.attempts = calls.attempted.count
        verdict.secondsWithoutConfirm = calls.longestSilence.inSeconds
        verdict.acknowledged = calls.acknowledged.count
        verdict.lost =
            calls.acknowledged.filter { !taken.contains($0) || received[$0] == nil || triaged[$0] == nil }.count
        verdict.unexpected += taken.subtracting(calls.attempted).count
        verdict.duplicated =
            calls.attempted.filter {
                (received[$0] ?? 0) > 1 || (triaged[$0] ?? 0) > (calls.updated.contains($0) ? 2 : 1)
            }.count
        verdict.recovered = taken.intersection(calls.attempted).subtracting(calls.acknowledged).count
    }

    /// Events that were handled after a later one of the same source and key: at notifications as its feed tells, at
    /// triage as the times in its inbox tell of different transactions.
    private func disordered(since position: Int, and time: Date) async throws -> Int {
        var total = try await self.number(
            """
            select count(*) from (
                select batch.first, lag(batch.last) over (partition by batch.key order by batch.at) as before from (
                    select e.partition_key as key, min(e.id) as first, max(e.id) as last, min(i.handled_at) as at
                    from triage.inbox i join intake.events e using (message_id)
                    where i.handled_at > \(time) group by e.partition_key, i.xmin::text
                ) as batch
            ) as ordered where first < before
            """)
        for schema in publishers {
            total += try await self.number(
                """
                select count(*) from (
                    select e.id, lag(e.id) over (partition by e.partition_key order by f.position) as before
                    from notifications.feed f join \(unescaped: schema).events e using (message_id)
                    where f.position > \(position)
                ) as ordered where id < before
                """)
        }
        return total
    }

    /// How often each call has an event of this type, in the ledger or in the feed, whichever has more;
    /// a call that is not in both has none.
    private func counts(of type: EventType, _ calls: [UUID]) async throws -> [UUID: Int] {
        let rows = try await ask(
            """
            select call, max(events) from (
                select call_id as call, count(*) as events from notifications.feed
                where type = \(type.description) and call_id = any(\(calls)) group by 1
                union all
                select correlation_id, count(*) from \(unescaped: type.service.schema).events
                where type = \(type.description) and correlation_id = any(\(calls)) group by 1
            ) as counted group by call
            having count(*) = 2
            """)
        return Dictionary(try rows.map { try $0.decode(UUID.self, Int.self) }, uniquingKeysWith: max)
    }

    /// Messages that wait for a person, at all services.
    func openParked() async throws -> Int {
        var total = 0
        for schema in roles {
            total += try await number(
                "select count(*) from \(unescaped: schema).parked where resolved_at is null")
        }
        return total
    }

    func complaints(_ audit: Installation.Audit) -> [String] {
        guard !audit.isClean else { return [] }
        var complaints: [String] = []
        if audit.pending > 0 { complaints.append("\(audit.pending) never left") }
        if audit.unowned > 0 { complaints.append("\(audit.unowned) people have no owner") }
        if audit.orphans > 0 { complaints.append("\(audit.orphans) episodes are orphans") }
        complaints += audit.missing.filter { $0.value > 0 }.map { "\($0.key) misses \($0.value)" }.sorted()
        complaints += audit.doubled.filter { $0.value > 0 }.map { "\($0.value) handled twice by \($0.key)" }.sorted()
        complaints += audit.unexpected.filter { $0.value > 0 }.map { "\($0.value) unexpected at \($0.key)" }.sorted()
        return complaints
    }
}
