import TestSupport
import Testing

/// Whatever breaks, each call that the broker confirmed to its dispatch system is received, triaged and in the feed,
/// once, and every event reached every subscriber.
@Suite("Faults", .scene, .serialized)
struct FaultTests {
    @Test("nothing is lost, doubled or made up when", arguments: Fault.short)
    func short(fault: Fault) async throws {
        let verdict = try await Scene.current.round(fault, number: 0)
        #expect(verdict.isClean, "\(verdict)")
    }

    @Test("the whole matrix, again and again, for as long as asked", .enabled(if: Settings.minutes > 0))
    func long() async throws {
        let scene = try Scene.current
        let end = ContinuousClock.now + .seconds(Settings.minutes * 60)
        var number = 0
        while ContinuousClock.now < end {
            number += 1
            var random = SeededRandom(seed: scene.seed &+ UInt64(number), for: "order")
            for fault in Fault.long.shuffled(using: &random) where ContinuousClock.now < end {
                let verdict = try await scene.round(fault, number: number)
                #expect(verdict.isClean, "\(verdict)")
            }
        }
    }
}
