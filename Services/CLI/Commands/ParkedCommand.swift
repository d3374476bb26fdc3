import NIOHTTP1
import ArgumentParser
import Contracts
import Foundation
import Messaging

/// `copps parked`: messages set aside with their reason.
struct ParkedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "Messages that were set aside, and their way back.",
        subcommands: [List.self, Show.self, Replay.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists parked messages, grouped by cause.")
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var groups: [ParkedGroup] = []
            for service in ServiceName.allCases {
                groups += try await APIClient(service).get("/v1/parked", as: [ParkedGroup].self)
            }
            if output.isJSON { return try Output.json(groups) }
            if groups.isEmpty { return print("Nothing is parked.") }
            Output.table([["service", "cause", "type", "messages", "since", "one of them"]] + groups.map(row))
        }

        private func row(_ group: ParkedGroup) -> [String] {
            [
                group.service, group.code, group.type, String(group.count), ContractJSON.timestamp(group.since),
                group.example.uuidString.lowercased(),
            ]
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows one parked message.")

        @Argument(help: "The message's id.") var message: String
        @ArgumentParser.Flag(help: "Show its content too; that is recorded.") var body = false

        func run() async throws {
            let path = "/v1/parked/\(BrokerManagement.escape(message))\(body ? "?body=true" : "")"
            try Output.pretty(try await ParkedCommand.first { try await $0.get(path) })
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Handles a parked message again, under its original id.")

        @Argument(help: "The message's id.") var message: String

        func run() async throws {
            let path = "/v1/parked/\(BrokerManagement.escape(message))/replay"
            _ = try await ParkedCommand.first { try await $0.send(.POST, path) }
            print("\(message) is being handled again.")
        }
    }

    /// Asks one service after the other for a message that any may hold.
    private static func first(_ ask: (APIClient) async throws -> Data) async throws -> Data {
        for service in ServiceName.allCases {
            do {
                return try await ask(try APIClient(service))
            } catch let failure as HTTPFailure where failure.status == 404 {}
        }
        throw CommandFailure("No service has parked this message.")
    }
}
