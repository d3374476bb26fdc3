import Contracts
import Foundation
import ServiceKit
import Testing

@Suite("Health")
struct HealthTests {
    private struct Down: Error {}

    private func check(_ name: String, _ otherwise: Health.Status, isUp: Bool) -> HealthCheck {
        HealthCheck(name, type: "component", otherwise: otherwise) {
            guard isUp else { throw Down() }
        }
    }

    @Test(
        "the worst check is the service's status",
        arguments: [
            (true, true, Health.Status.pass), (true, false, .warn), (false, true, .fail), (false, false, .fail),
        ])
    func worst(database: Bool, broker: Bool, expected: Health.Status) async {
        let health = Health(
            service: .triage,
            checks: [check("database", .fail, isUp: database), check("broker", .warn, isUp: broker)])
        #expect(await health.ready().status == expected)
        #expect(health.alive().status == .pass)
    }

    @Test("a check that does not answer counts as down after its limit")
    func slow() async {
        let health = Health(
            service: .triage,
            checks: [
                HealthCheck("database", type: "datastore", otherwise: .fail) {
                    try await Task.sleep(for: .seconds(3600))
                }
            ])
        #expect(await health.ready().status == .fail)
    }

    @Test("the report is application/health+json and gives no reasons away")
    func report() async throws {
        let report = await Health(service: .triage, checks: [check("database", .fail, isUp: false)]).ready()
        let json = String(decoding: try ContractJSON.encode(report), as: UTF8.self)
        #expect(json.contains(#""status":"fail""#))
        #expect(json.contains(#""serviceId":"triage""#))
        #expect(json.contains(#""database:responseTime":[{"componentType":"component""#))
        #expect(json.contains(#""output":"does not answer""#))
        #expect(!json.contains("Down"))
    }
}
