import ArgumentParser
import Contracts
import Foundation

/// A call as people name it: its id, or `agency/number`.
struct CallName: ExpressibleByArgument {
    let id: CallID

    init?(argument: String) {
        if let id = CallID(argument) {
            self.id = id
            return
        }
        let parts = argument.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        id = CallID(agency: AgencyID(rawValue: parts[0]), number: parts[1])
    }
}

/// `copps explain CALL`: why triage decided as it did.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says why a call was triaged and routed as it was.",
        discussion: "CALL is the call's id or agency/number, for example beaumont-pd/26-0001.")

    @Argument(help: "The call's id, or agency/number.") var call: CallName
    @ArgumentParser.Flag(help: "Give the reasons of every decision, not only of the one in force.") var all = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let triage = try await APIClient(.triage).get("/v1/decisions/\(call.id)")
        let routing = try await routing()
        if output.isJSON {
            let parts = [triage, routing ?? Data("null".utf8)].map { String(decoding: $0, as: UTF8.self) }
            return print(#"{"triage":\#(parts[0]),"routing":\#(parts[1])}"#)
        }
        var lines = try ContractJSON.decode(TriageExplanation.self, from: triage).lines(withAllReasons: all)
        if let routing { lines += try ContractJSON.decode(RoutingExplanation.self, from: routing).lines }
        print(lines.joined(separator: "\n"))
    }

    /// Nil when routing does not know the call.
    private func routing() async throws -> Data? {
        do {
            return try await APIClient(.cbatRouting).get("/v1/decisions/\(call.id)")
        } catch let failure as HTTPFailure where failure.status == 404 {
            return nil
        }
    }
}
