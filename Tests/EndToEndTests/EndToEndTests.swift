import Contracts
import Foundation
import TestSupport
import Testing

/// Whole installations share the test servers' users and roles, and the machine: one at a time.
@Suite("Five services, from a CAD's call to a partner's feed", .serialized)
struct EndToEndTests {
    @Test("a short day adds up though every service is killed once in the middle", .timeLimit(.minutes(8)))
    func killedOnce() async throws {
        try await Installation.with { copps in
            async let day = copps.copps("simulate", "--day", "short", "--quiet", "--json")
            for service in Installation.services {
                try await ContinuousClock().sleep(for: .seconds(5))
                copps.kill(service)
                try copps.start(service)
                try await copps.awaitReady(service)
            }
            let summary = try ContractJSON.decode(Summary.self, from: Data(try await day.utf8))
            #expect(summary.missing == [])
            #expect(summary.calls == 25)

            let audit = try await copps.audit()
            #expect(audit.isClean, "\(audit)")
            #expect(audit.published > 50)
        }
    }

    @Test(
        "a dispatch system written with pika is answered, is told its mistakes, and cannot speak for another agency",
        .timeLimit(.minutes(4)))
    func foreignCAD() async throws {
        try await Installation.with(rate: 1) { try await ForeignCAD(copps: $0).check() }
    }

    private struct Summary: Decodable {
        let calls: Int
        let missing: [String]
    }
}
