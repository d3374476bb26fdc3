import ArgumentParser
import Contracts
import Foundation
import NIOHTTP1
import ServiceKit

/// `copps reload`: has the services read their edited rules, roster and directory again, and shows what is in force.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes edited rules, roster and directory into use.",
        discussion: """
            A file with a mistake is refused, with each mistake's line and what to write instead, and the old one stays \
            in force; the others are taken all the same. Exits 1 when one was refused.
            """)

    @OptionGroup var output: OutputOptions

    private static let files: [(service: ServiceName, path: String, file: String)] = [
        (.triage, "/v1/rules/reload", "triage.yaml"),
        (.cbatRouting, "/v1/roster/reload", "roster.yaml"),
        (.outreachResources, "/v1/directory/reload", "directory.yaml"),
    ]

    func run() async throws {
        var active: [ActiveFile] = []
        var refusals: [HTTPFailure] = []
        for (service, path, file) in Self.files {
            do {
                let answer = try await APIClient(service).send(.POST, path)
                let version = try ContractJSON.decode(Version.self, from: answer)
                active.append(ActiveFile(file: file, version: version.version, hash: version.hash))
            } catch let failure as HTTPFailure where failure.status == 422 {
                refusals.append(failure)
            }
        }
        if output.isJSON {
            try Output.json(active)
        } else {
            Output.table([["file", "version", "SHA-256"]] + active.map { [$0.file, $0.version, $0.hash] })
        }
        for refusal in refusals { Output.note("\(refusal)") }
        if !refusals.isEmpty { throw ExitCode(1) }
    }

    /// What the answers have in common.
    private struct Version: Decodable {
        let version: String
        let hash: String
    }
}
