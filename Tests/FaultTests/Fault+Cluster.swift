import AMQP
import Contracts
import Foundation
import TestSupport

extension Fault {
    static let ofCluster = [
        Fault("one of three nodes is killed, the one that leads the queue of calls, and the service goes on") {
            scene, _ in
            try await scene.expectServiceGoesOn(without: try await scene.leader(of: Catalog.calls.queue()))
        },
        Fault("each of three nodes is killed, and the service goes on", isShort: false) { scene, random in
            for node in [1, 2, 3].shuffled(using: &random) {
                try await scene.expectServiceGoesOn(without: node)
                try await scene.awaitCopies()
            }
        },
        Fault("nodes are restarted one after the other, as for an upgrade", isShort: false) { scene, random in
            for node in [1, 2, 3].shuffled(using: &random) {
                try await scene.servers.tell("restart-node", "\(node)")
                try await scene.awaitCalls(20)
            }
        },
        Fault("two of three nodes are killed: nothing is confirmed until one returns", isShort: false) {
            scene, random in
            let nodes = Array([1, 2, 3].shuffled(using: &random).prefix(2))
            let time = random.milliseconds(5000...15_000)
            try await scene.without(nodes) {
                // What was confirmed before has arrived by then.
                try await scene.hold(.seconds(3))
                let confirmed = scene.ledger.calls.acknowledged.count
                try await scene.hold(time)
                guard scene.ledger.calls.acknowledged.count == confirmed else {
                    throw Finding("one node of three confirmed calls")
                }
                try await scene.servers.tell("start-node", "\(nodes[1])")
                try await scene.awaitCalls(20)
                try await scene.awaitRecovery(within: .seconds(60))
            }
        },
    ]
}

extension Scene {
    /// What the broker says of a queue on a cluster.
    struct QueueState: Decodable {
        let name: String
        let leader: String?
        /// Nodes whose copy is up.
        let online: [String]?
    }

    func queues() async throws -> [QueueState] {
        let api = ManagementAPI(
            url: servers.management[0], user: servers.broker.user, password: servers.broker.password)
        return try await api.get("queues/copps", as: [QueueState].self) ?? []
    }

    /// The number of the node.
    func leader(of queue: String) async throws -> Int {
        let leader = try await queues().first { $0.name == queue }?.leader
        guard let digit = leader?.firstMatch(of: /^copps([0-9])@/)?.output.1, let node = Int(digit) else {
            throw Finding("nobody leads \(queue)")
        }
        return node
    }

    /// Waits until each queue has all its copies again.
    func awaitCopies() async throws {
        let areBack = try await eventually(within: .seconds(60)) {
            try await queues().allSatisfy { $0.online?.count == 3 }
        }
        guard areBack else { throw Finding("a queue lacks copies") }
    }

    /// Kills the node, and starts it again only when calls confirmed in the meantime have come through.
    func expectServiceGoesOn(without node: Int) async throws {
        try await without([node]) {
            let start = ContinuousClock.now
            try await awaitCalls(60)
            try await awaitRecovery(within: .seconds(30))
            say("node \(node) is dead, and calls have come through after \(tenths((.now - start).inSeconds)) s")
        }
    }

    /// Kills the nodes for as long as something takes, and has them all back in the end, the last killed first.
    func without(_ nodes: [Int], _ body: () async throws -> Void) async throws {
        for node in nodes { try await servers.tell("kill-node", "\(node)") }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        for node in nodes.reversed() { try await servers.tell("start-node", "\(node)") }
        try result.get()
    }
}
