import TestSupport
import Testing

/// Whatever breaks, each call that the broker confirmed to its dispatch system is received, triaged and in the feed,
/// once, and every event reached every subscriber.
@Suite("Faults", .scene(.oneBroker), .serialized)
struct FaultTests {
    @Test("nothing is lost, doubled or made up when", arguments: Fault.short(Fault.ofOneBroker))
    func short(fault: Fault) async throws {
        let verdict = try await Scene.current.round(fault, number: 0)
        #expect(verdict.isClean, "\(verdict)")
    }

    @Test("the whole matrix, again and again, for as long as asked", .enabled(if: Settings.minutes > 0))
    func long() async throws {
        try await Scene.current.again(Fault.long(Fault.ofOneBroker))
    }
}
