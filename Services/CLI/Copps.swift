import ArgumentParser
import Postgres

/// `copps`, the operator's command.
@main
struct Copps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copps",
        abstract: "Runs and inspects a COPPS installation.",
        discussion: """
            Settings come from the environment (COPPS_*); deploy/run writes them to .copps/env/copps.env. A setting \
            COPPS_X may also be given as a file, in COPPS_X_FILE.
            """,
        subcommands: [
            Migrate.self, TopologyCommand.self, Simulate.self, CAD.self, PartnerCommand.self, ParkedCommand.self,
            Replay.self, Explain.self, Follow.self, Audit.self, Reload.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch let error as PostgresError {
            // The operator may read the database's own words; a service's log may not.
            exit(withError: CommandFailure(error.debugDescription))
        } catch {
            exit(withError: error)
        }
    }
}

/// What every command understands.
struct OutputOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON, for scripts.")
    var isJSON = false
}
