import Contracts
import Foundation
import Testing

@testable import CBATRouting

@Suite("Assignment")
struct AssignmentTests {
    private let start = Samples.snapshot().offeredAt

    private func assignment(_ steps: [PairStep] = [], mode: ResponseMode = .alternative, isSecured: Bool = false) throws
        -> Assignment
    {
        var assignment = Assignment(
            offering: Samples.snapshot(mode: mode, isSecured: isSecured), officer: "o", clinician: "c")
        for (index, step) in steps.enumerated() {
            _ = try assignment.report(step, at: start.addingTimeInterval(Double(index + 1) * 60))
        }
        return assignment
    }

    private var later: Date { start.addingTimeInterval(3600) }

    @Test("a pair passes all stages, and each has its time")
    func whole() throws {
        let done = try assignment([.accepted, .enroute, .staged, .onScene, .contact, .cleared])
        #expect(done.status == .cleared)
        #expect(done.snapshot.version == 7)
        #expect(!done.isActive)
        let s = done.snapshot
        let times = [s.acceptedAt, s.enrouteAt, s.stagedAt, s.onSceneAt, s.contactAt, s.endedAt]
        #expect(times == (1...6).map { start.addingTimeInterval(Double($0) * 60) })
        #expect(done.clinicianMinutes == 4)
    }

    @Test("a stage that was skipped is not made up")
    func skipped() throws {
        let snapshot = try assignment([.accepted, .onScene]).snapshot
        #expect(snapshot.enrouteAt == nil && snapshot.stagedAt == nil)
        #expect(snapshot.onSceneAt != nil)
    }

    /// Everything that may follow each status; whatever is not here is refused.
    static let legal: [(path: [PairStep], next: [PairStep])] = [
        ([], [.accepted, .declined]),
        ([.accepted], [.enroute, .staged, .onScene, .contact]),
        ([.accepted, .enroute], [.staged, .onScene, .contact, .cleared]),
        ([.accepted, .enroute, .staged], [.onScene, .contact, .cleared]),
        ([.accepted, .enroute, .onScene], [.contact, .cleared]),
        ([.accepted, .enroute, .onScene, .contact], [.cleared]),
        ([.accepted, .enroute, .onScene, .contact, .cleared], []),
        ([.declined], []),
    ]

    @Test("each status allows what the field allows and refuses the rest, unchanged", arguments: legal)
    func transitions(_ path: [PairStep], _ next: [PairStep]) throws {
        let here = try assignment(path)
        for step in PairStep.allCases where step.status != here.status {
            var assignment = here
            if next.contains(step) {
                #expect(try assignment.report(step, at: later))
                #expect(assignment.status == step.status)
            } else {
                #expect(throws: AssignmentProblem.self, "\(here.status) → \(step)") {
                    try assignment.report(step, at: later)
                }
                #expect(assignment == here)
            }
        }
    }

    @Test(
        "the same status again changes nothing, whenever it comes", arguments: legal.map(\.path).filter { !$0.isEmpty })
    func idempotent(_ path: [PairStep]) throws {
        var assignment = try assignment(path)
        let before = assignment
        #expect(try !assignment.report(try #require(path.last), at: later))
        #expect(try !assignment.report(try #require(path.last), at: start))
        #expect(assignment == before)
    }

    @Test("what is older than the last word changes nothing, even what would be illegal", arguments: PairStep.allCases)
    func older(_ step: PairStep) throws {
        var assignment = try assignment([.accepted, .enroute, .onScene])
        let before = assignment
        #expect(try !assignment.report(step, at: start.addingTimeInterval(30)))
        #expect(assignment == before)
    }

    @Test("two statuses of the same second both count")
    func sameSecond() throws {
        var assignment = try assignment()
        #expect(try assignment.report(.accepted, at: later))
        #expect(try assignment.report(.enroute, at: later))
        #expect(assignment.status == .enroute)
    }

    @Test("a pair's clock that runs behind ours does not lose its answer")
    func skew() throws {
        var assignment = try assignment()
        #expect(try assignment.report(.accepted, at: start.addingTimeInterval(-5)))
    }

    @Test(
        "with patrol securing first nobody is on scene before it is secured", arguments: [PairStep.onScene, .contact])
    func secured(_ step: PairStep) throws {
        var assignment = try assignment([.accepted, .enroute, .staged], mode: .patrolSecuresFirst)
        #expect(throws: AssignmentProblem.sceneNotSecured) { try assignment.report(step, at: later) }
        #expect(try assignment.secureScene(at: later))
        #expect(try !assignment.secureScene(at: later))
        #expect(try assignment.report(step, at: later))
        #expect(assignment.snapshot.securedAt == later)
    }

    @Test("a scene secured before the offer needs no second word")
    func securedBefore() throws {
        var assignment = try assignment([.accepted], mode: .patrolSecuresFirst, isSecured: true)
        #expect(try assignment.report(.onScene, at: later))
    }

    @Test("it can be cancelled anywhere before contact and never at contact or after", arguments: legal.map(\.path))
    func cancelling(_ path: [PairStep]) throws {
        var assignment = try assignment(path)
        let isWithPerson = assignment.isWithPerson
        if assignment.isActive && !isWithPerson {
            try assignment.cancel(at: later)
            #expect(assignment.status == .cancelled)
            #expect(assignment.snapshot.endedAt == later)
        } else {
            #expect(throws: AssignmentProblem.self) { try assignment.cancel(at: later) }
        }
    }

    @Test("only an offer still waiting expires", arguments: legal.map(\.path))
    func expiry(_ path: [PairStep]) throws {
        var assignment = try assignment(path)
        let expires = assignment.expire(at: later)
        #expect(expires == path.isEmpty)
    }

    @Test("a plan is revised while the work goes on and not afterwards")
    func revision() throws {
        var going = try assignment([.accepted])
        let changes = (0..<2).map { _ in going.revise(level: 4, mode: .patrolSecuresFirst) }
        #expect(changes == [true, false])
        #expect(throws: AssignmentProblem.sceneNotSecured) { try going.report(.onScene, at: later) }
        var done = try assignment([.declined])
        let isChanged = done.revise(level: 4, mode: .simultaneous)
        #expect(!isChanged)
    }

    @Test("a refusal says what would be right")
    func explanations() {
        #expect("\(AssignmentProblem.illegal(from: .offered, to: .enroute))".contains("accept it first"))
        #expect("\(AssignmentProblem.illegal(from: .onScene, to: .enroute))".contains("on-scene cannot become enroute"))
        #expect("\(AssignmentProblem.ended(.expired))".contains("expired"))
    }
}
