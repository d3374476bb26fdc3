import Contracts
import Foundation
import Messaging

// What an officer does with a case or a problem, and what happens when nothing is done.

extension CareState {
    mutating func revise(
        _ id: CaseID, _ change: CaseworkChange, _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        guard var file = cases[id] else { throw .refused("unknown-case", "There is no case \(id).") }
        guard file.isOpen else { throw .refused("case-closed", "The case is closed.") }
        switch change {
        case .next(let action, let deadline):
            try check(deadline, at: message.handledAt)
            (file.snapshot.nextAction, file.snapshot.deadline) = (action, deadline)
        case .closed(let reason):
            file.close(because: reason)
        }
        return put(file)
    }

    mutating func revise(
        _ id: ProblemID, to stage: ProblemStage, _ change: CaseworkChange, _ message: Message<FollowCare.Input>
    ) throws(Refusal) -> [Outgoing] {
        guard var problem = problems[id] else { throw .refused("unknown-problem", "There is no problem \(id).") }
        guard problem.isOpen else { throw .refused("problem-closed", "The problem is closed.") }
        guard problem.mayBecome(stage) else {
            let possible = problem.next.map(\.rawValue).joined(separator: ", ")
            throw .refused(
                "illegal-transition",
                "A problem in \(problem.stage) cannot go to \(stage.rawValue); possible: \(possible)")
        }
        switch change {
        case .next(let action, let deadline):
            try check(deadline, at: message.handledAt)
            (problem.nextAction, problem.deadline) = (action, deadline)
        case .closed(let reason):
            problem.closedBecause = reason
        }
        problem.stage = stage.rawValue
        return put(problem)
    }

    /// The deadline passed and nothing was done: the feed is told, and told again.
    mutating func remind(_ id: CaseID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard var file = cases[id], file.isOpen, file.snapshot.deadline <= message.handledAt else { return [] }
        file.snapshot.nextAction = overdue(file.snapshot.nextAction)
        file.snapshot.deadline = message.handledAt + file.reminder
        return put(file)
    }

    mutating func remind(_ id: ProblemID, _ message: Message<FollowCare.Input>) -> [Outgoing] {
        guard var problem = problems[id], problem.isOpen, problem.deadline <= message.handledAt else { return [] }
        problem.nextAction = overdue(problem.nextAction)
        problem.deadline = message.handledAt + ProblemSolving.reminder
        return put(problem)
    }

    private mutating func put(_ file: CaseFile) -> [Outgoing] {
        guard file != cases[file.snapshot.id] else { return [] }
        cases[file.snapshot.id] = file
        return [.event(CaseUpdated(case: file.snapshot))] + (file.isOpen ? [CareTimer.deadline(file.snapshot)] : [])
    }

    mutating func put(_ problem: ProblemSnapshot) -> [Outgoing] {
        guard problem != problems[problem.id] else { return [] }
        problems[problem.id] = problem
        return [.event(ProblemUpdated(problem: problem))] + (problem.isOpen ? [CareTimer.deadline(problem)] : [])
    }

    private func overdue(_ action: String) -> String {
        action.hasPrefix("Overdue: ") ? action : "Overdue: \(action)"
    }
}

/// What an officer says of a case or a problem.
enum CaseworkChange: Sendable, Equatable {
    case next(action: String, deadline: Date)
    case closed(because: String)
}
