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
        static let configuration = CommandConfiguration(
            abstract: "Shows one parked message, and every reason why it was not handled.")

        @Argument(help: "The message's id.") var message: MessageID
        @ArgumentParser.Flag(help: "Show its content too; that is recorded.") var body = false
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = "/v1/parked/\(message.id)\(body ? "?body=true" : "")"
            let answer = try await ParkedCommand.first("No service has parked this message.") {
                try await $0.get(path)
            }
            if output.isJSON { return try Output.pretty(answer) }
            print(text(try ContractJSON.decode(ParkedMessage.self, from: answer)))
        }

        private func text(_ message: ParkedMessage) -> String {
            let size = "\(message.byteCount) bytes, SHA-256 \(message.sha256)"
            var lines = [
                "\(message.type) at \(message.service), \(size)",
                "parked \(message.times == 1 ? "once" : "\(message.times) times"), last "
                    + ContractJSON.timestamp(message.parkedAt),
            ]
            lines += message.failures.map { "  \(ContractJSON.timestamp($0.at))  \($0.code): \($0.detail)" }
            if let at = message.resolvedAt {
                lines.append("\(message.resolution ?? "resolved") \(ContractJSON.timestamp(at))")
            }
            return (lines + [message.body].compactMap(\.self)).joined(separator: "\n")
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Handles parked messages again, under their original ids: one, or all of a cause.",
            discussion: """
                copps parked replay 0198c5f0-…                                 one message
                copps parked replay --service triage --cause undecodable       all that were parked for this cause
                """)

        @Argument(help: "The message's id.") var message: MessageID?
        @Option(help: "The service that parked them.") var service: String?
        @Option(help: "The cause, as `copps parked list` names it.") var cause: String?
        @Option(help: "Only messages of this type.") var type: String?
        @OptionGroup var output: OutputOptions

        private struct Group: Encodable {
            let code: String
            let type: String?
        }

        private struct Answer: Codable {
            let replayed: Int
        }

        func validate() throws {
            guard (message == nil) != (cause == nil), (cause == nil) == (service == nil) else {
                throw ValidationError("Give a message's id, or both --service and --cause.")
            }
            if let service, ServiceName(rawValue: service) == nil {
                throw ValidationError("there is no service \(service)")
            }
        }

        func run() async throws {
            let answer = try await replay()
            if output.isJSON { return try Output.json(answer) }
            print("\(answer.replayed) message\(answer.replayed == 1 ? " is" : "s are") being handled again.")
        }

        private func replay() async throws -> Answer {
            if let service = service.flatMap(ServiceName.init(rawValue:)), let cause {
                let data = try await APIClient(service)
                    .send(.POST, "/v1/parked/replay", body: Group(code: cause, type: type))
                return try ContractJSON.decode(Answer.self, from: data)
            }
            guard let message = message?.id else { return Answer(replayed: 0) }
            _ = try await ParkedCommand.first(
                "No service can handle this message again; `copps parked show \(message)` says how it stands."
            ) { try await $0.send(.POST, "/v1/parked/\(message)/replay") }
            return Answer(replayed: 1)
        }
    }

    /// Asks one service after the other for a message that any may hold.
    private static func first(
        _ failure: String, _ ask: (APIClient) async throws -> Data
    ) async throws -> Data {
        for service in ServiceName.allCases {
            do {
                return try await ask(try APIClient(service))
            } catch let refusal as HTTPFailure where refusal.status == 404 {}
        }
        throw CommandFailure(failure)
    }
}

/// Given on the command line.
struct MessageID: ExpressibleByArgument {
    let id: UUID

    init?(argument: String) {
        guard let id = UUID(uuidString: argument) else { return nil }
        self.id = id
    }
}
