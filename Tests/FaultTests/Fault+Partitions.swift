import Contracts
import TestSupport

extension Fault {
    static let partitionFaults = [
        Fault("triage and notifications are rescaled from 1 to 4 partitions and back under load") { scene, random in
            for partitions in [4, 1] {
                // They stand still meanwhile, so that first versions wait in the old queues and second ones in the new.
                let subscriptions = [Catalog.calls, Catalog.ledger]
                for subscription in subscriptions { scene.copps.freeze(subscription.service) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for subscription in subscriptions {
                        group.addTask { try await scene.rescale(subscription, to: partitions) }
                    }
                    try await scene.hold(random.milliseconds(2500...4000))
                    for subscription in subscriptions { scene.copps.thaw(subscription.service) }
                    try await group.waitForAll()
                }
                for command in ["apply", "verify"] { try await scene.copps.copps("topology", command) }
                try await scene.hold(random.milliseconds(200...1000))
            }
        },
        Fault("of two processes of a service with four partitions the one that works is killed, again and again") {
            scene, random in
            let subscription = Catalog.subscriptions.randomElement(using: &random) ?? Catalog.calls
            try await scene.rescale(subscription, to: 4)
            try await scene.killInTurn(subscription.service, &random)
            try await scene.rescale(subscription, to: 1)
        },
        Fault("a rescale is killed at some moment, and the service, and the next one finishes it", isShort: false) {
            scene, random in
            for partitions in [4, 1] {
                let subscription = Catalog.calls
                for _ in 1...3 {
                    try await scene.rescale(subscription, to: partitions, killedAfter: random.milliseconds(100...3000))
                }
                scene.copps.kill(subscription.service)
                try scene.copps.start(subscription.service)
                try await scene.rescale(subscription, to: partitions)
            }
        },
    ]
}
