import Contracts
import Postgres
import TestSupport

extension Fault {
    static let brokerFaults = [
        Fault("the broker is restarted") { scene, _ in
            try await scene.servers.tell("restart-broker")
        },
        Fault("the broker is killed") { scene, random in
            try await scene.servers.tell("kill-broker")
            try await scene.hold(random.milliseconds(200...2000))
            try await scene.servers.tell("start-broker")
        },
        Fault("the broker closes every connection, three times") { scene, random in
            for _ in 1...3 {
                try await scene.servers.tell("close-connections")
                try await scene.hold(random.milliseconds(300...1500))
            }
        },
        Fault("a queue is deleted and declared again, and replay gives back what it had missed", keepsOrder: false) {
            scene, random in
            try await scene.deleteQueue(of: Catalog.calls)
            try await scene.hold(random.milliseconds(500...1500))
            try await scene.copps.copps("topology", "apply")
            try await scene.hold(random.milliseconds(500...1500))
            try await scene.copps.copps("replay", "--missing", "--wait", "30")
        },
        Fault("the broker is out of memory, and intake still takes what waits") { scene, _ in
            try await scene.expectIntakeGoesOn { try await scene.servers.tell("memory-alarm", $0) }
        },
        Fault("a subscriber's queue is full, and the others go on") { scene, _ in
            try await scene.servers.tell("queue-limit", "on")
            scene.copps.kill(.notifications)
            let refused: Result<Bool, any Error>
            do {
                try await scene.awaitCalls(60)
                try await scene.awaitTriage(within: .seconds(30))
                refused = .success(
                    try await scene.number("select count(*) from intake.outbox where attempts > 0") > 0)
            } catch {
                refused = .failure(error)
            }
            try scene.copps.start(.notifications)
            try await scene.servers.tell("queue-limit", "off")
            try await scene.copps.awaitReady(.notifications)
            guard try refused.get() else { throw Finding("the full queue refused nothing") }
        },
        Fault("the broker is out of disk, and intake still takes what waits", isShort: false) { scene, _ in
            try await scene.expectIntakeGoesOn { try await scene.servers.tell("disk-alarm", $0) }
        },
    ]
}
