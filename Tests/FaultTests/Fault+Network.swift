import TestSupport

extension Fault {
    static let networkFaults = [
        Fault("connections are cut in the middle of what the services send to the broker") { scene, random in
            try await scene.cut(scene.brokerProxy, .toServer, &random)
        },
        Fault("connections are cut in the middle of confirms and deliveries") { scene, random in
            try await scene.cut(scene.brokerProxy, .toClient, &random)
        },
        Fault("connections to the broker fall silent, and nobody is told") { scene, _ in
            scene.brokerProxy.abandonConnections()
            try await scene.awaitCalls(50)
            try await scene.awaitRecovery(within: .seconds(60))
        },
        Fault("connections are cut in the middle of what the services send to the database") { scene, random in
            try await scene.cut(scene.databaseProxy, .toServer, &random)
        },
        Fault("the database's answers are lost, that to COMMIT among them") { scene, random in
            for _ in 1...4 {
                scene.databaseProxy.set(.loseAnswer)
                try await scene.hold(random.milliseconds(20...120))
                scene.databaseProxy.set(.forward)
                try await scene.hold(random.milliseconds(200...600))
            }
            try await scene.cut(scene.databaseProxy, .toClient, &random)
        },
        Fault("connections to the database fall silent, and nobody is told", isShort: false) { scene, _ in
            scene.databaseProxy.abandonConnections()
            try await scene.awaitCalls(50)
            try await scene.awaitRecovery(within: .seconds(90))
        },
        Fault("the broker cannot be reached for a while", isShort: false) { scene, random in
            scene.brokerProxy.set(.refuse)
            try await scene.hold(random.milliseconds(3000...20000))
            scene.brokerProxy.set(.forward)
        },
    ]
}
