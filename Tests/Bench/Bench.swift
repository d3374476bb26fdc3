import ArgumentParser

/// Measures the messaging core on work that other programs do as well, and the services it carries.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copps-bench",
        abstract: "Measures the messaging core beside other programs, and the installation as a whole.",
        subcommands: [
            CompareCommand.self, AblateCommand.self, OutboxCommand.self, PipelineCommand.self, IntakeCommand.self,
            WorkerCommand.self, SchemaCommand.self,
        ])
}
