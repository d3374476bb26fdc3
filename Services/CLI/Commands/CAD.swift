import NIOHTTP1
import ArgumentParser
import Contracts
import Foundation
import Intake
import Messaging
import ServiceKit

/// `copps cad add AGENCY`: gives an agency's dispatch system its way in.
struct CAD: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Dispatch systems that publish calls.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates or renews the broker user and the HTTP token of an agency's CAD.",
            discussion: "The user may publish with its own agency's keys only, and read its own receipts.")

        @Argument(help: "The agency, as agencies.yaml names it.")
        var agency: String

        @Option(help: "The broker password; made up and shown once when not given.")
        var password: String?

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let made = try await Self.credentials(for: agency, password: password)
            if output.isJSON { return try Output.json(made) }
            print("Broker user \(made.user), password \(made.password)")
            print("Token for GET /v1/receipts and /v1/calls at intake: \(made.token)")
            print("They are shown this once.")
        }

        struct Credentials: Encodable {
            let user: String
            let password: String
            let token: String
        }

        static func credentials(for agency: String, password: String?) async throws -> Credentials {
            let directory = try Environment.require("COPPS_CONFIG_DIR")
            let known = try IntakeService.agencies(inDirectory: directory).map(\.rawValue)
            guard known.contains(agency) else {
                throw CommandFailure("agencies.yaml does not list \(agency); it lists \(known.joined(separator: ", "))")
            }
            var random = SystemRandomNumberGenerator()
            let password = password ?? Token.make(using: &random)
            let key = agency.replacing("-", with: "\\-")
            try await BrokerManagement().allow(
                "cad-\(agency)", password: password,
                .init(write: "^cad$", read: "^receipts\\.\(key)$"),
                topic: .init(exchange: "cad", write: "^cad\\.\(key)\\."))
            return Credentials(user: "cad-\(agency)", password: password, token: try await renewToken(agency))
        }

        private static func renewToken(_ agency: String) async throws -> String {
            struct Wanted: Encodable, Sendable {
                let name: String
                let role = "cad"
                let agency: String
            }
            struct Created: Decodable {
                let token: String
            }
            let intake = try APIClient(.intake)
            let name = "cad-\(agency)"
            do {
                try await intake.send(.DELETE, "/v1/principals/\(name)")
            } catch let failure as HTTPFailure where failure.status == 404 {}
            let answer = try await intake.send(.POST, "/v1/principals", body: Wanted(name: name, agency: agency))
            return try ContractJSON.decode(Created.self, from: answer).token
        }
    }
}
