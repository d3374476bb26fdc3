import ArgumentParser
import Contracts
import Foundation

/// `copps follow CALL`: where a call and its person stand, from dispatch to the last follow-up.
struct Follow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows a call's whole way: versions, decision, assignments, episode, follow-ups, referrals.",
        discussion: "CALL is the call's id or agency/number, for example beaumont-pd/26-0001.")

    @Argument(help: "The call's id, or agency/number.") var call: CallName
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let id = call.id
        let parts: [(String, ServiceName, String)] = [
            ("call", .intake, "/v1/calls/\(id)"),
            ("triage", .triage, "/v1/decisions/\(id)"),
            ("assignments", .cbatRouting, "/v1/assignments?call=\(id)"),
            ("episode", .outreachResources, "/v1/episodes/\(id)"),
        ]
        var found: [String: Data] = [:]
        for (name, service, path) in parts {
            do {
                found[name] = try await APIClient(service).get(path)
            } catch let failure as HTTPFailure where failure.status == 404 {}
        }
        guard !found.isEmpty else { throw CommandFailure("no service knows call \(id)") }
        if output.isJSON {
            let members = parts.map { part in
                #""\#(part.0)":"# + (found[part.0].map { String(decoding: $0, as: UTF8.self) } ?? "null")
            }
            return print("{" + members.joined(separator: ",") + "}")
        }
        let timeline = try CallTimeline(
            call: found["call"], triage: found["triage"], assignments: found["assignments"], episode: found["episode"])
        print(timeline.text)
    }
}
