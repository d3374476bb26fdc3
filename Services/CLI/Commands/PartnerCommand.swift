import NIOHTTP1
import ArgumentParser
import Contracts
import Foundation

/// `copps partner`: who reads a feed.
struct PartnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "Partners that read a feed.",
        subcommands: [Add.self, List.self, Remove.self])

    private struct Partner: Codable, Sendable {
        let id: String
        let name: String
        let `class`: String
        let agency: String?
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Admits a partner and shows its token once.",
            discussion: "What the partner sees is decided by its class, in disclosure.yaml.")

        @Argument(help: "A short id, for example cabazon-shelter.")
        var id: String

        @Option(name: .customLong("class"), help: "A partner class of disclosure.yaml.")
        var partnerClass: String

        @Option(help: "The name people know it by.")
        var name: String?

        @Option(
            help:
                "The agency whose own records it sees in full; of a service provider, its service's id in the directory."
        )
        var agency: String?

        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Admission: Codable {
                let token: String
            }
            let partner = Partner(id: id, name: name ?? id, class: partnerClass, agency: agency)
            let answer = try await APIClient(.notifications).send(.POST, "/v1/partners", body: partner)
            if output.isJSON { return print(String(decoding: answer, as: UTF8.self)) }
            print("\(id) may read GET /v1/feed with this token, shown this once:")
            print(try ContractJSON.decode(Admission.self, from: answer).token)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the partners.")
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let answer = try await APIClient(.notifications).get("/v1/partners")
            if output.isJSON { return print(String(decoding: answer, as: UTF8.self)) }
            let partners = try ContractJSON.decode([Partner].self, from: answer)
            Output.table(
                [["id", "class", "agency", "name"]] + partners.map { [$0.id, $0.class, $0.agency ?? "", $0.name] })
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes a partner; its token ends at once.")

        @Argument(help: "The partner's id.")
        var id: String

        func run() async throws {
            try await APIClient(.notifications).send(.DELETE, "/v1/partners/\(BrokerManagement.escape(id))")
            print("\(id) is removed.")
        }
    }
}
