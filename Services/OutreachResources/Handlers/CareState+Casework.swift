import Contracts
import Foundation
import Messaging

extension CareState {
    /// A call for the outreach, business or school officer opens a case or joins the one at its place. An active campus
    /// incident marks the case immediate, so the officer is alerted; it is never only a case: the same triage event
    /// already went to patrol and routing.
    mutating func file(_ call: CallTriaged, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard call.decision > decisions[call.call] ?? 0 else { return [] }
        decisions[call.call] = call.decision
        guard let work = Casework(call) else { return [] }

        if var file = cases.all.first(where: { $0.takes(call, for: work.program) }) {
            guard work.join(&file, call, at: message.handledAt) else { return [] }
            cases[file.snapshot.id] = file
            return [.event(CaseJoined(case: file.snapshot, call: call.call))]
        }
        for var dormant in cases.all
        where dormant.isOpen && dormant.snapshot.program == work.program && dormant.isAbout(call.location.place) {
            dormant.snapshot.status = CaseStatus.closed.rawValue
            cases[dormant.snapshot.id] = dormant
        }
        let file = work.open(CaseID(message.derivedID("case")), for: call, at: message.handledAt)
        cases[file.snapshot.id] = file
        return [.event(CaseOpened(case: file.snapshot))]
    }

    /// A place that keeps calling becomes a problem to solve, once; later calls are added to the open one.
    mutating func open(_ found: ProblemDetected, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        if var problem = problems.all.first(where: { $0.place == found.place && $0.stage != "closed" }) {
            problem.calls += found.calls.filter { !problem.calls.contains($0) }
            problems[problem.id] = problem
            return []
        }
        let problem = ProblemSolving.open(ProblemID(message.derivedID("problem")), for: found, at: message.handledAt)
        problems[problem.id] = problem
        return [.event(ProblemOpened(problem: problem))]
    }
}
