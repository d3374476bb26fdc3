import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Assesses each version of a call, keeps the decision with its reasons, and lets people overrule it.
///
/// Guarantees: a version that is not newer changes nothing; closing and cancelling are decisions too; a standing
/// override outlives every update until a person releases it; a place that keeps calling is announced once.
struct AssessCalls: EventHandler {
    let rules: Reloadable<RuleSet>

    func load(_ batch: [Message<TriageInput>], in transaction: Transaction) async throws -> TriageState {
        let ruleSet = rules.current
        let since = batch.map(\.handledAt).min().map(ruleSet.repeatPlaces.start) ?? .distantPast
        return try await TriageStore(transaction: transaction).load(
            calls: Set(batch.map(\.body.call)), new: Set(batch.compactMap(\.body.snapshot?.id)),
            places: Set(batch.compactMap(\.body.snapshot?.location.place)), since: since, ruleSet: ruleSet)
    }

    func decide(_ message: Message<TriageInput>, _ state: inout TriageState) throws(Refusal) -> [Outgoing] {
        let now = message.handledAt
        switch message.body {
        case .call(let call):
            return assess(call, &state, at: now)
        case .override(let id, let choice, let by):
            var record = try record(of: id, state)
            guard !record.call.status.isFinal else {
                throw .refused("call-ended", "the call is \(record.call.status); there is nothing left to decide")
            }
            record.impose(Override(choice, by: by, at: now))
            return [state.conclude(record, record.decide(because: .override, at: now))]
        case .release(let id, let reason, let by):
            var record = try record(of: id, state)
            guard record.override != nil else {
                throw .refused("no-override", "no override of this call is standing")
            }
            record.release()
            let release = Override.Release(reason: reason, by: by, at: now)
            return [state.conclude(record, record.decide(because: .release, at: now, released: release))]
        }
    }

    func save(_ state: TriageState, in transaction: Transaction) async throws {
        try TriageStore(transaction: transaction).save(state)
    }

    private func assess(_ call: CallSnapshot, _ state: inout TriageState, at now: Date) -> [Outgoing] {
        let ruleSet = state.ruleSet
        let known = state.calls[call.id]
        if let known, call.version <= known.call.version { return [] }
        let earlier = state.earlierCalls(at: call.location.place, than: call.id, now, ruleSet.repeatPlaces)
        let assessment = ruleSet.assess(call, placeHistory: earlier, at: now)
        let record = known?.assessed(call, assessment) ?? CallRecord(call, assessment)
        let decision = record.decide(because: .callVersion, at: now)
        let triaged = state.conclude(record, decision)
        let problem = state.visit(call, from: known?.call.location.place, decision, now, ruleSet.repeatPlaces)
        return [triaged] + (problem.map { [.event($0)] } ?? [])
    }

    private func record(of call: CallID, _ state: TriageState) throws(Refusal) -> CallRecord {
        guard let record = state.calls[call] else { throw .refused("unknown-call", "triage knows no such call") }
        return record
    }
}
