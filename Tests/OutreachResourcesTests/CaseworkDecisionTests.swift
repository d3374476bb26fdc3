import Contracts
import Foundation
import Messaging
import Testing

@testable import OutreachResources

@Suite("What officers do with casework")
struct CaseworkDecisionTests {
    let bench: CareBench
    let soon = Samples.now + 2 * Samples.day

    init() throws {
        bench = CareBench(try Samples.directory())
    }

    @Test("a case gets its next action, then ends with a reason")
    func cases() throws {
        let file = try open()
        let next = try bench.handle(revise(file, .next(action: "Meet the owner", deadline: soon)))
        #expect((next.first as? CaseUpdated)?.case.nextAction == "Meet the owner")
        let closed = try bench.handle(revise(file, .closed(because: "The owner put up lights")))
        #expect((closed.first as? CaseUpdated)?.case.status == "closed")
        #expect((closed.first as? CaseUpdated)?.case.closedBecause == "The owner put up lights")
        let refusal = #expect(throws: Refusal.self) { try bench.handle(revise(file, .closed(because: "again"))) }
        #expect(refusal?.code == "case-closed")
        #expect(try bench.handle(.triaged(Samples.triaged(.businessLiaison, number: "B-9"))).first is CaseOpened)
    }

    @Test("what nobody does by the deadline is told as overdue, and told again")
    func overdue() throws {
        let file = try open()
        for _ in 1...2 {
            let deadline = try #require(bench.state.cases[file]).snapshot.deadline
            #expect(try bench.handle(.caseDeadline(file), at: deadline - 1).isEmpty)
            let told = try #require(try bench.handle(.caseDeadline(file), at: deadline).first as? CaseUpdated)
            #expect(told.case.nextAction == "Overdue: Visit the business about the problem")
            #expect(told.case.deadline == deadline + Samples.day)
            #expect(bench.timers.last?.due == told.case.deadline)
        }
        try bench.handle(revise(file, .closed(because: "solved")))
        #expect(try bench.handle(.caseDeadline(file), at: Samples.now + 90 * Samples.day).isEmpty)
    }

    @Test("an immediate case is told again every hour")
    func immediate() throws {
        let call = Samples.triaged(.patrol, level: 4, placeType: .school)
        let file = try #require(try bench.handle(.triaged(call)).first as? CaseOpened).case
        let told = try #require(try bench.handle(.caseDeadline(file.id), at: file.deadline).first as? CaseUpdated)
        #expect(told.case.deadline == file.deadline + Samples.hour)
    }

    @Test("a case and a problem are the record of each agency whose call they are made of")
    func agencies() throws {
        try bench.handle(.triaged(Samples.triaged(.businessLiaison)))
        let joined = try bench.handle(
            .triaged(Samples.triaged(.businessLiaison, number: "N-1", agency: "banning-pd")))
        #expect((joined.first as? CaseJoined)?.case.agencies == ["banning-pd", "beaumont-pd"])
        let opened = try bench.handle(.problemDetected(Samples.detected(["B-1"])))
        #expect((opened.first as? ProblemOpened)?.problem.agencies == ["beaumont-pd"])
    }

    @Test("a problem goes from stage to stage and skips none", arguments: ProblemStage.allCases)
    func stages(wanted: ProblemStage) throws {
        let problem = try openProblem()
        let input = revise(problem, wanted, wanted == .closed ? .closed(because: "no pattern") : next)
        if [.scanning, .analysis, .closed].contains(wanted) {
            let events = try bench.handle(input)
            #expect((events.first as? ProblemUpdated)?.problem.stage == wanted.rawValue)
        } else {
            let refusal = #expect(throws: Refusal.self) { try bench.handle(input) }
            #expect(refusal?.code == "illegal-transition")
            #expect(refusal?.detail.contains("analysis, closed") == true)
        }
    }

    @Test("a problem that went through every stage is closed, and the place may become one again")
    func wholeWay() throws {
        let problem = try openProblem()
        for stage in [ProblemStage.analysis, .response, .assessment] {
            try bench.handle(revise(problem, stage, next))
        }
        let closed = try bench.handle(revise(problem, .closed, .closed(because: "no call for sixty days")))
        #expect((closed.first as? ProblemUpdated)?.problem.closedBecause == "no call for sixty days")
        let refusal = #expect(throws: Refusal.self) { try bench.handle(revise(problem, .closed, next)) }
        #expect(refusal?.code == "problem-closed")
        #expect(try bench.handle(.problemDetected(Samples.detected(["B-5"]))).first is ProblemOpened)
    }

    @Test("a problem's deadline is told every week once it passed")
    func overdueProblem() throws {
        let problem = try openProblem()
        let deadline = try #require(bench.state.problems[problem]).deadline
        let told = try #require(
            try bench.handle(.problemDeadline(problem), at: deadline).first as? ProblemUpdated)
        #expect(told.problem.nextAction.hasPrefix("Overdue: Confirm"))
        #expect(told.problem.deadline == deadline + 7 * Samples.day)
    }

    @Test("the timers of cases and problems are read as what they are")
    func timers() throws {
        let (file, problem) = (try open(), try openProblem())
        let inputs = try bench.timers.map { try FollowCare.Input(timer: $0.kind, data: $0.data) }
        #expect(inputs.contains { if case .caseDeadline(file) = $0 { true } else { false } })
        #expect(inputs.contains { if case .problemDeadline(problem) = $0 { true } else { false } })
    }

    private var next: CaseworkChange { .next(action: "Ask the neighbors", deadline: soon) }

    private func open() throws -> CaseID {
        try #require(
            try bench.handle(.triaged(Samples.triaged(.businessLiaison))).first as? CaseOpened
        ).case.id
    }

    private func openProblem() throws -> ProblemID {
        try #require(
            try bench.handle(.problemDetected(Samples.detected(["B-1", "B-2"]))).first as? ProblemOpened
        ).problem.id
    }

    private func revise(_ file: CaseID, _ change: CaseworkChange) -> FollowCare.Input {
        .command(.reviseCase(file, change))
    }

    private func revise(_ problem: ProblemID, _ stage: ProblemStage, _ change: CaseworkChange) -> FollowCare.Input {
        .command(.reviseProblem(problem, to: stage, change))
    }
}
