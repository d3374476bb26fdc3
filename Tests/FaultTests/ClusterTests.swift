import Contracts
import TestSupport
import Testing

/// Three nodes of RabbitMQ that hold a copy of everything each: one may be lost at any time, and the service goes on.
@Suite(
    "Faults of a cluster", .enabled(if: !Fault.short(Fault.ofCluster).isEmpty), .scene(.cluster), .serialized)
struct ClusterTests {
    @Test("each queue has three copies, and the nodes share the leading")
    func copies() async throws {
        let scene = try Scene.current
        try await scene.copps.copps("topology", "verify")
        let leaders = try await scene.queues().map(\.leader)
        #expect(Set(leaders).count == 3, "\(leaders)")
    }

    @Test("nothing is lost, doubled or made up when", arguments: Fault.short(Fault.ofCluster))
    func short(fault: Fault) async throws {
        let verdict = try await Scene.current.round(fault, number: 0)
        #expect(verdict.isClean, "\(verdict)")
    }

    @Test("all faults of a cluster, again and again, for as long as asked", .enabled(if: Settings.minutes > 0))
    func long() async throws {
        try await Scene.current.again(Fault.long(Fault.ofCluster))
    }
}
