import Contracts
import TestSupport
import Testing

extension FaultTests {
    @Test("nothing is lost or doubled at whichever step of its work a service is killed", arguments: CrashPlan.all)
    func crashPoints(plan: CrashPlan) async throws {
        let verdict = try await plan.carryOut(on: Scene.current)
        #expect(verdict.isClean, "\(verdict)")
    }

    @Test("the crash points find out", arguments: [Mutant.ackBeforeCommit, .dedupeOff])
    func mutantsAtCrashPoints(mutant: Mutant) async throws {
        let scene = try Scene.current
        let finding = try await CrashStage.with(mutant.service, in: scene, mutation: mutant.rawValue) {
            stage -> String? in
            for step in 1...40 {
                switch try await stage.run(.running, dyingAt: step, within: .seconds(8)) {
                case .died(problems: let problems, _) where !problems.isEmpty: return "step \(step): \(problems)"
                case .died: continue
                case .survived: return nil
                }
            }
            return nil
        }
        say("\(mutant.testDescription): \(finding ?? "not found out")")
        #expect(finding != nil)
        try await mutant.heal(scene)
        #expect(try await scene.copps.audit().isClean)
    }
}

/// The steps at which one service is to die. In the long form that is each: a scenario of k steps is run k times, and
/// once more, until it is over before the step comes.
struct CrashPlan: Sendable, CustomTestStringConvertible {
    let service: ServiceName
    let beginning: CrashStage.Beginning

    static let all = Installation.services.flatMap { service in
        CrashStage.Beginning.allCases.map { CrashPlan(service: service, beginning: $0) }
    }.filter { Settings.isWanted($0.testDescription) ?? true }

    var testDescription: String { "\(service) is killed \(beginning.rawValue)" }

    /// How many steps the short form draws.
    private var sample: Int { beginning == .running ? 4 : 2 }

    func carryOut(on scene: Scene) async throws -> Verdict {
        let start = ContinuousClock.now
        var verdict = Verdict(testDescription, round: 0)
        try await CrashStage.with(service, in: scene) { stage in
            if Settings.minutes > 0 {
                var step = 1
                while try await die(at: step, stage, &verdict) { step += 1 }
            } else {
                guard case .survived(let steps) = try await stage.run(beginning, dyingAt: .max) else { return }
                say("\(testDescription): \(steps) steps")
                var random = SeededRandom(seed: scene.seed, for: testDescription)
                for step in (1...steps).shuffled(using: &random).prefix(sample) {
                    _ = try await die(at: step, stage, &verdict)
                }
            }
        }
        verdict.seconds = (ContinuousClock.now - start).inSeconds
        scene.note(verdict)
        return verdict
    }

    /// Returns whether the service died at the step, having had more to do.
    private func die(at step: Int, _ stage: CrashStage, _ verdict: inout Verdict) async throws -> Bool {
        switch try await stage.run(beginning, dyingAt: step) {
        case .survived: return false
        case .died(let problems, let recovery):
            verdict.attempts += 1
            verdict.secondsToRecover = max(verdict.secondsToRecover, recovery.inSeconds)
            verdict.problems += problems.map { "step \(step): \($0)" }
            return true
        }
    }
}
