import Foundation

/// One thing that a service needs, and how bad it is when it is not there.
package struct HealthCheck: Sendable {
    /// `<component>:<measurement>`
    package let name: String
    private let componentType: String
    private let otherwise: Health.Status
    private let probe: @Sendable () async throws -> Void

    /// `otherwise` is the status when the probe throws or takes too long.
    package init(
        _ component: String, type: String, otherwise: Health.Status, probe: @escaping @Sendable () async throws -> Void
    ) {
        name = "\(component):responseTime"
        componentType = type
        self.otherwise = otherwise
        self.probe = probe
    }

    /// Never throws and never tells a stranger why: the reasons are in the log of whoever uses the component.
    func run(within limit: Duration) async -> Health.Report.Check {
        let start = ContinuousClock.now
        let isThere = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [probe] in (try? await probe()) != nil }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        let milliseconds = ((ContinuousClock.now - start) / .milliseconds(1) * 100).rounded() / 100
        return Health.Report.Check(
            componentType: componentType, observedValue: milliseconds, observedUnit: "ms",
            status: isThere ? .pass : otherwise, time: Date(), output: isThere ? nil : "does not answer")
    }
}
