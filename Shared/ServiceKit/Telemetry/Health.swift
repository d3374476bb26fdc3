package import Contracts
package import Foundation

/// Whether the service can do its work now, in the terms of `application/health+json`.
package struct Health: Sendable {
    package enum Status: String, Sendable, Encodable {
        case pass
        case warn
        case fail
    }

    private let service: ServiceName
    private let checks: [HealthCheck]

    package init(service: ServiceName, checks: [HealthCheck]) {
        self.service = service
        self.checks = checks
    }

    /// The process answers: says nothing about database or broker, whose absence a restart would not mend.
    package func alive() -> Report {
        Report(status: .pass, serviceId: service.rawValue, checks: [:])
    }

    /// Runs all checks at once, two seconds each at most. The worst result is the service's.
    package func ready() async -> Report {
        let results = await withTaskGroup(of: (String, Report.Check).self) { group in
            for check in checks {
                group.addTask { (check.name, await check.run(within: .seconds(2))) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = [$1.1] }
        }
        let all = results.values.joined().map(\.status)
        let status: Status = all.contains(.fail) ? .fail : all.contains(.warn) ? .warn : .pass
        return Report(status: status, serviceId: service.rawValue, checks: results)
    }

    /// The body of a health response. Property names are the format's.
    package struct Report: Sendable, Encodable {
        package let status: Status
        /// Version of the service's public interface.
        package var version = "1"
        package let serviceId: String
        package let checks: [String: [Check]]

        package struct Check: Sendable, Encodable {
            package let componentType: String
            package let observedValue: Double
            package let observedUnit: String
            package let status: Status
            package let time: Date
            package let output: String?
        }
    }
}
