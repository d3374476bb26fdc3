import Contracts
import Foundation
import Messaging

extension CareState {
    /// A call for the outreach, business or school officer opens a case or joins the one at its place. An active campus
    /// incident marks the case immediate, so the officer is alerted; it is never only a case: the same triage event
    /// already went to patrol and routing.
    mutating func file(_ call: CallTriaged, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard call.decision > triaged[call.call]?.decision ?? 0 else { return [] }
        triaged[call.call] = TriagedCall(decision: call.decision, agency: call.agency)
        guard let work = Casework(call) else { return [] }

        if var file = cases.all.first(where: { $0.takes(call, for: work.program) }) {
            let before = file.snapshot.deadline
            guard work.join(&file, call, at: message.handledAt) else { return [] }
            cases[file.snapshot.id] = file
            let joined = Outgoing.event(CaseJoined(case: file.snapshot, call: call.call))
            return file.snapshot.deadline == before ? [joined] : [joined, CareTimer.deadline(file.snapshot)]
        }
        var closed: [Outgoing] = []
        for var dormant in cases.all
        where dormant.isOpen && dormant.snapshot.program == work.program && dormant.isAbout(call.location.place) {
            dormant.close(because: "dormant")
            cases[dormant.snapshot.id] = dormant
            closed.append(.event(CaseUpdated(case: dormant.snapshot)))
        }
        let file = work.open(CaseID(message.derivedID("case")), for: call, at: message.handledAt)
        cases[file.snapshot.id] = file
        return closed + [.event(CaseOpened(case: file.snapshot)), CareTimer.deadline(file.snapshot)]
    }

    /// A place that keeps calling becomes a problem to solve, once; later calls are added to the open one.
    mutating func open(_ found: ProblemDetected, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        let agencies = Set(found.calls.compactMap { triaged[$0]?.agency })
        if var problem = problems.all.first(where: { $0.place == found.place && $0.isOpen }) {
            problem.calls += found.calls.filter { !problem.calls.contains($0) }
            problem.agencies = agencies.union(problem.agencies ?? []).inOrder
            return put(problem)
        }
        let problem = ProblemSolving.open(
            ProblemID(message.derivedID("problem")), for: found, of: agencies, at: message.handledAt)
        problems[problem.id] = problem
        return [.event(ProblemOpened(problem: problem)), CareTimer.deadline(problem)]
    }
}
