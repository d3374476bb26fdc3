import AMQP
import ArgumentParser
import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceLifecycle
import UnixSignals

/// The worker of the peers' workload, of the parts a service is made of: consumer, processor, inbox, ledger, relay.
///
/// Started and ended by `bench.py`, which gives it its addresses in the environment.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Takes calls from IN_QUEUE and publishes events to OUT_EXCHANGE until SIGTERM.",
        discussion: """
            Reads AMQP_URL, DATABASE_URL, IN_QUEUE, OUT_EXCHANGE and WORKER_ID from the environment. The options depart \
            from what services do, to measure what it is worth: see `ablate`.
            """)

    @Option(help: "Messages that are settled in one transaction.")
    var batch = Pace.standard.batch

    @Option(help: "Messages that the relay publishes at once.")
    var window = Pace.standard.window

    @Option(help: "What reads the calls: scanner, or foundation for Foundation's JSONDecoder.")
    var decoder = WorkloadCall.Decoder.scanner

    func validate() throws {
        // The broker's prefetch has 16 bits, and is three batches.
        guard (1...20_000).contains(batch), window >= 1 else {
            throw ValidationError("give at least 1, and no huge batch")
        }
    }

    func run() async throws {
        let settings = try WorkerSettings(ProcessInfo.processInfo.environment)
        var logger = Logger(label: settings.workerID) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let database = PostgresClient(settings.database, logger: logger)
        var pace = Pace.standard
        (pace.batch, pace.window) = (batch, window)
        // One of the five names, for there are no others; here it is a label and nothing more.
        let flow = MessageFlow(
            .intake, database: database, databaseConfiguration: settings.database, broker: settings.broker,
            pace: pace, now: { Date() }, logger: logger)
        let processor = flow.processor(ReceiveCalls(exchange: settings.exchange))
        let group = ServiceGroup(
            services: [
                database, flow.upkeep, flow.relay(publishing: CallReceivedEvent.publication),
                flow.consumer(queue: settings.queue, processor, reading: WorkloadMessage.reading),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await WorkloadCall.$decoder.withValue(decoder) { try await group.run() }
    }
}
