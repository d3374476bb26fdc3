import AMQP
import ArgumentParser
import Contracts
import Messaging

/// `copps topology rescale`: another number of queues for a subscription, under load.
struct TopologyRescale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescale", abstract: "Divides a subscription into another number of queues while messages flow.",
        discussion: """
            Each queue is worked at by one process at a time, several queues at once, and the order of what belongs \
            together holds. The services notice by themselves. New messages wait until the old queues are drained, so \
            the service must be running; ended early, the same command goes on. Exits 1 when the time is up before.
            """)

    @Option(help: "The subscription: \(Catalog.subscriptions.map(\.name).joined(separator: ", ")).")
    var subscription: String
    @Option(help: "How many queues: 1, 2, 4, 8 or 16.") var partitions: Int
    @Option(help: "Seconds to wait until the old queues are drained.") var wait = 600
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard PartitionLayout.sizes.contains(partitions) else { throw ValidationError("give 1, 2, 4, 8 or 16") }
        guard Catalog.subscriptions.contains(where: { $0.name == subscription }) else {
            throw ValidationError("there is no subscription \(subscription)")
        }
    }

    func run() async throws {
        guard let subscription = Catalog.subscriptions.first(where: { $0.name == subscription }) else { return }
        let broker = try TopologyCommand.administrator()
        do {
            try await TopologyLock.holding(broker) { holder in
                let rescale = try await Rescale.plan(subscription, into: partitions, broker: broker)
                if let rescale { try await carryOut(rescale, holder) }
                try report(rescale)
            }
        } catch let problem as Rescale.Problem {
            throw CommandFailure(problem.description)
        }
    }

    private func carryOut(_ rescale: Rescale, _ holder: AMQPConnection) async throws {
        let deadline = ContinuousClock.now + .seconds(wait)
        var said = ""
        try await rescale.run { step in
            try await TopologyLock.hold(holder)
            let text: String
            switch step {
            case .switched: text = "Generation \(rescale.new.generation) takes what comes."
            case .draining(let left): text = "\(left) messages are left in generation \(rescale.old.generation)."
            case .done: text = "Generation \(rescale.old.generation) is drained and deleted."
            }
            if text != said { Output.note(text) }
            said = text
            guard step == .done || ContinuousClock.now < deadline else {
                throw CommandFailure(
                    "not drained within \(wait) s; is \(rescale.subscription.service) running? The same command goes on."
                )
            }
        }
    }

    private func report(_ rescale: Rescale?) throws {
        struct Report: Encodable {
            let subscription: String
            let partitions: Int
            let generation: Int?
        }
        if output.isJSON {
            try Output.json(
                Report(subscription: subscription, partitions: partitions, generation: rescale?.new.generation))
        } else if let rescale {
            print("\(subscription) has \(partitions) queues now, generation \(rescale.new.generation).")
        } else {
            print("\(subscription) has \(partitions) queues already.")
        }
    }
}
