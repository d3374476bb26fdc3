import Contracts
import Foundation
import TestSupport

extension Fault {
    static let serviceFaults = [
        Fault("each service is killed at some moment") { scene, random in
            for service in Installation.services.shuffled(using: &random) {
                try await scene.hold(random.milliseconds(50...900))
                try await scene.restart(service)
            }
        },
        Fault("all services are killed at once") { scene, random in
            try await scene.hold(random.milliseconds(50...900))
            for service in Installation.services { scene.copps.kill(service) }
            for service in Installation.services { try scene.copps.start(service) }
            for service in Installation.services { try await scene.copps.awaitReady(service) }
        },
        Fault("of two processes of a service the one that works is killed, again and again") { scene, random in
            let service = [ServiceName.intake, .triage, .notifications].randomElement(using: &random) ?? .triage
            try await scene.killInTurn(service, &random)
        },
        Fault("a relay stands still, loses its lead to another, and wakes up") { scene, random in
            try scene.copps.start(.intake, 2)
            try await scene.copps.awaitReady(.intake, 2)
            scene.copps.freeze(.intake)
            defer { scene.copps.thaw(.intake) }
            try await scene.awaitNewLead(of: .intake) { try await scene.endRelaySessions(of: ["intake"]) }
            try await scene.awaitCalls(30)
            scene.copps.thaw(.intake)
            try await scene.hold(random.milliseconds(500...1500))
            scene.copps.kill(.intake, 2)
        },
        Fault("the services' clocks are up to an hour apart, and are put right") { scene, random in
            let clocks = try Installation.services.map { ($0, try Self.clock(fast: random.number(0...55))) }
            for (service, clock) in clocks { try await scene.restart(service, with: clock) }
            let recovery: Result<Void, any Error>
            do {
                try await scene.awaitCalls(60)
                recovery = .success(try await scene.awaitRecovery(within: .seconds(60)))
            } catch {
                recovery = .failure(error)
            }
            // Whatever came of it, or every later fault would meet the wrong clocks.
            for service in Installation.services { try await scene.restart(service) }
            try recovery.get()
        },
        Fault("a service stands still until others take it for dead", isShort: false) { scene, random in
            let service = Installation.services.randomElement(using: &random) ?? .intake
            scene.copps.freeze(service)
            try await scene.hold(random.milliseconds(25_000...40_000))
            scene.copps.thaw(service)
        },
    ]

    /// Variables for a process whose time of day is so many minutes fast.
    private static func clock(fast minutes: Int) throws -> [String: String] {
        for folder in try FileManager.default.contentsOfDirectory(atPath: "/usr/lib") {
            let library = "/usr/lib/\(folder)/faketime/libfaketimeMT.so.1"
            guard FileManager.default.fileExists(atPath: library) else { continue }
            return [
                "LD_PRELOAD": library, "FAKETIME": "+\(minutes)m", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            ]
        }
        throw Finding("libfaketime is not installed: run deploy/test, which installs it")
    }
}
