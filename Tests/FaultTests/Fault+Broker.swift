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
        Fault("a queue is deleted and declared again, and replay gives back what it had missed") { scene, random in
            try await scene.delete(queue: Catalog.calls.queue())
            try await scene.hold(random.milliseconds(500...1500))
            try await scene.copps.copps("topology", "apply")
            try await scene.hold(random.milliseconds(500...1500))
            try await scene.copps.copps("replay", "--missing", "--wait", "4")
        },
        Fault("the broker is out of memory, and intake still takes what waits") { scene, _ in
            try await scene.expectIntakeGoesOn { try await scene.servers.tell("memory-alarm", $0) }
        },
        Fault("the broker is out of disk, and intake still takes what waits", isShort: false) { scene, _ in
            try await scene.expectIntakeGoesOn { try await scene.servers.tell("disk-alarm", $0) }
        },
    ]
}
