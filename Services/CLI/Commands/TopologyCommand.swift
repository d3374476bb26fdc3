import AMQP
import ArgumentParser
import Contracts
import Foundation
import Intake
import Messaging

/// `copps topology`: the broker's exchanges, queues, bindings and users, as many queues as a rescale has left.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "Declares, checks or shows the broker's queues and who may use them.",
        subcommands: [Apply.self, Verify.self, Show.self, TopologyRescale.self])

    /// What should be, with the layouts that the broker has: the newer one while a rescale is under way.
    static func topology(on management: BrokerManagement) async throws -> Topology {
        let directory = try Environment.require("COPPS_CONFIG_DIR")
        let queues = try await management.queues().map(\.name)
        return .copps(agencies: try IntakeService.agencies(inDirectory: directory)) { subscription in
            let layouts = PartitionLayout.all(of: subscription, in: queues)
            if layouts.count > 1 {
                Output.note(
                    "\(subscription.name) is being rescaled; `copps topology rescale` again finishes what ended early.")
            }
            return layouts.last ?? .initial
        }
    }

    static func administrator() throws -> AMQPConfiguration {
        AMQPConfiguration(
            brokers: try Environment.brokers(),
            virtualHost: try Environment.require("COPPS_BROKER_VHOST"),
            user: try Environment.require("COPPS_BROKER_ADMIN_USER"),
            password: try Environment.require("COPPS_BROKER_ADMIN_PASSWORD"), connectionName: "copps topology")
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Declares everything. Again does nothing.")
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let management = try BrokerManagement()
            try await management.ensureVirtualHost()
            try await management.spreadLeaders()
            let topology = try await TopologyLock.holding(try TopologyCommand.administrator()) { connection in
                let topology = try await TopologyCommand.topology(on: management)
                try await topology.declare(on: connection)
                return topology
            }
            for service in ServiceName.allCases { try await allow(service, management) }
            if output.isJSON {
                try Output.json(["queues": topology.queues.map(\.name)])
            } else {
                print("\(topology.queues.count) queues and \(topology.bindings.count) bindings stand.")
            }
        }

        /// A service may publish its own events only, and read its own queues.
        private func allow(_ service: ServiceName, _ management: BrokerManagement) async throws {
            let prefix = service.rawValue.replacing("-", with: "\\-")
            let exchanges = service == .intake ? "^(events|receipts)$" : "^events$"
            try await management.allow(
                service.schema, password: try Environment.require(Environment.name(service, "BROKER_PASSWORD")),
                .init(write: exchanges, read: "^\(prefix)\\."),
                topic: .init(exchange: "events", write: "^\(prefix)\\."))
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares the broker with what should be; exits 1 when something differs.")
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let management = try BrokerManagement()
            let topology = try await TopologyCommand.topology(on: management)
            var differences: [String] = []
            let queues = Dictionary(uniqueKeysWithValues: try await management.queues().map { ($0.name, $0) })
            let copies = min(3, try await management.nodeCount())
            for queue in topology.queues {
                guard let found = queues[queue.name] else {
                    differences.append("queue \(queue.name) is missing")
                    continue
                }
                for (name, value) in queue.arguments where found.arguments[name].map({ value == $0 }) != true {
                    differences.append("queue \(queue.name) has another \(name)")
                }
                if let members = found.members, members.count < copies {
                    differences.append(
                        "queue \(queue.name) has \(members.count) of \(copies) copies: rabbitmq-queues grow NODE all")
                }
            }
            let bindings = Set(try await management.bindings())
            for binding in topology.bindings {
                let wanted = BrokerManagement.BindingState(
                    source: binding.exchange, destination: binding.destination.name, routing_key: binding.routingKey)
                if !bindings.contains(wanted) {
                    differences.append(
                        "\(binding.destination.name) is not bound to \(binding.exchange) by \(binding.routingKey)")
                }
            }
            if output.isJSON {
                try Output.json(["differences": differences])
            } else {
                print(differences.isEmpty ? "The broker is as it should be." : differences.joined(separator: "\n"))
                if !differences.isEmpty { print("`copps topology apply` puts back what is missing.") }
            }
            if !differences.isEmpty { throw ExitCode(1) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows what should be.")
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let topology = try await TopologyCommand.topology(on: try BrokerManagement())
            if output.isJSON {
                return try Output.json(topology.bindings.map { [$0.exchange, $0.routingKey, $0.destination.name] })
            }
            Output.table(
                [["exchange", "routing key", "destination"]]
                    + topology.bindings.map { [$0.exchange, $0.routingKey, $0.destination.name] })
        }
    }
}

/// A header value is compared with what the management interface says in JSON.
private func == (wanted: HeaderValue, found: BrokerManagement.Argument) -> Bool {
    switch (wanted, found) {
    case (.string(let a), .text(let b)): a == b
    case (.int(let a), .number(let b)): Int(a) == b
    case (.bool(let a), .flag(let b)): a == b
    default: false
    }
}
