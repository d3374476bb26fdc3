import Contracts
import Foundation
import Testing

@testable import OutreachResources

@Suite("Casework")
struct CaseworkTests {
    let bench: CareBench

    init() throws {
        bench = CareBench(try Samples.directory())
    }

    @Test(
        "a call ranked first for an officer opens that officer's case",
        arguments: [
            (Program.homelessOutreach, OwnerRole.outreachOfficer), (.businessLiaison, .businessOfficer),
            (.schoolResource, .schoolOfficer),
        ])
    func opens(program: Program, owner: OwnerRole) throws {
        let events = try bench.handle(.triaged(Samples.triaged(program)))
        let opened = try #require(events.first as? CaseOpened).case
        #expect(opened.owner == owner)
        #expect(opened.status == "open")
        #expect(!opened.nextAction.isEmpty)
        #expect(opened.deadline > Samples.now)
    }

    @Test(
        "other programs, ended calls and calls overridden away open none",
        arguments: [
            Samples.triaged(.cbat), Samples.triaged(.patrol), Samples.triaged(.businessLiaison, status: .closed),
            Samples.triaged(.schoolResource, status: .cancelled),
        ])
    func none(call: CallTriaged) throws {
        #expect(try bench.handle(.triaged(call)).isEmpty)
        #expect(bench.state.cases.all.isEmpty)
    }

    @Test(
        "within thirty days a call at the place joins; after that the dormant case gives way", arguments: [1, 30, 31])
    func joins(days: Int) throws {
        try bench.handle(.triaged(Samples.triaged(.businessLiaison)))
        let later = Samples.now + Double(days) * Samples.day
        let events = try bench.handle(
            .triaged(Samples.triaged(.businessLiaison, number: "B-2", at: later)), at: later)
        #expect(events.first is CaseJoined == (days <= 30))
        #expect(events.contains { $0 is CaseOpened } == (days > 30))
        #expect((events.first as? CaseUpdated)?.case.closedBecause == (days > 30 ? "dormant" : nil))
        #expect(bench.state.cases.all.filter(\.isOpen).count == 1)
    }

    @Test("another place or another program is another case")
    func apart() throws {
        try bench.handle(.triaged(Samples.triaged(.businessLiaison)))
        try bench.handle(.triaged(Samples.triaged(.businessLiaison, number: "B-2", address: "2 Sample Street")))
        try bench.handle(.triaged(Samples.triaged(.homelessOutreach, number: "B-3")))
        try bench.handle(.triaged(Samples.triaged(.businessLiaison, number: "B-4", address: nil)))
        #expect(bench.state.cases.all.count == 4)
    }

    @Test("the same call again, an older decision and a probable duplicate open nothing more")
    func again() throws {
        let first = Samples.triaged(.homelessOutreach, address: nil, decision: 2)
        try bench.handle(.triaged(first))
        #expect(try bench.handle(.triaged(Samples.triaged(.businessLiaison, decision: 1))).isEmpty)
        #expect(try bench.handle(.triaged(Samples.triaged(.homelessOutreach, address: nil, decision: 3))).isEmpty)
        let twin = Samples.triaged(
            .homelessOutreach, number: "X-9", address: "elsewhere", duplicateOf: first.call)
        #expect(try bench.handle(.triaged(twin)).first is CaseJoined)
        #expect(bench.state.cases.all.count == 1)
    }

    @Test("an active campus incident marks the case immediate, whatever is ranked first")
    func campus() throws {
        let call = Samples.triaged(.patrol, level: 4, placeType: .school)
        let opened = try #require(try bench.handle(.triaged(call)).first as? CaseOpened).case
        #expect(opened.program == .schoolResource)
        #expect(opened.status == "immediate")
        #expect(opened.deadline == Samples.now + 900)
    }

    @Test("a campus case becomes immediate when its call turns dangerous, and a quiet call does not lower it")
    func rises() throws {
        try bench.handle(.triaged(Samples.triaged(.schoolResource, placeType: .school)))
        let worse = Samples.triaged(.patrol, level: 4, placeType: .school, decision: 2)
        let joined = try #require(try bench.handle(.triaged(worse)).first as? CaseJoined)
        #expect(joined.case.status == "immediate")
        #expect(joined.case.calls.count == 1)
        try bench.handle(.triaged(Samples.triaged(.schoolResource, number: "B-2", placeType: .school)))
        #expect(bench.state.cases.all.map(\.snapshot.status) == ["immediate"])
    }

    @Test("a repeat place becomes one problem; later calls are added to it")
    func problem() throws {
        let opened = try bench.handle(.problemDetected(Samples.detected(["B-1", "B-2", "B-3"])))
        let problem = try #require(opened.first as? ProblemOpened).problem
        #expect(problem.stage == "scanning")
        #expect(problem.owner == .businessOfficer)
        let later = try bench.handle(.problemDetected(Samples.detected(["B-2", "B-3", "B-4"])))
        #expect(later.map { $0 is ProblemUpdated } == [true])
        #expect(try bench.handle(.problemDetected(Samples.detected(["B-4"]))).isEmpty)
        #expect(bench.state.problems.all.map(\.calls.count) == [4])
    }
}
