import AMQP
import ArgumentParser
import Contracts
import Foundation
import Messaging
import Postgres

/// Measures five real services: calls in at the CAD exchange, out in the ledger of notifications.
struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Measures the whole installation that deploy/bench has started.",
        discussion: """
            A call counts as through when its triage is in the ledger, three services on. First calls at a steady rate, \
            for the latency; then all services stand still while their queues are filled, and drain them.
            """)

    @Option(help: "How many calls are drained.")
    var n = 20_000

    @Option(help: "Calls a second while the latency is measured.")
    var rate = 100

    @Option(help: "Seconds of it.")
    var seconds = 20

    @Option(help: "Divide each subscription into so many queues before: 1, 2, 4, 8 or 16. As it is by default.")
    var partitions: Int?

    @ArgumentParser.Flag(help: "Print JSON.")
    var json = false

    private static let received = "intake.call.received.v1"
    private static let triaged = "triage.call.triaged.v1"

    func validate() throws {
        guard partitions.map(PartitionLayout.sizes.contains) ?? true else {
            throw ValidationError("give 1, 2, 4, 8 or 16 partitions")
        }
    }

    func run() async throws {
        let site = try Site()
        let session = try await PostgresConnection.open(site.database)
        let connection = try await AMQPConnection.open(site.broker)
        try await connection.enableConfirms()
        let before = MachineFacts.now()

        if let partitions { try await rescale(to: partitions, site.broker) }
        Progress.note("warming up")
        try await drain(Calls(run: "warm", on: session), 500, site, session, connection)
        let atRest = site.processes.mapValues(\.memoryMegabytes)

        Progress.note("\(rate) calls a second for \(seconds) s")
        let latencies = try await latencies(session, connection)

        Progress.note("draining \(n) calls")
        let cpu = site.processes.mapValues(\.cpu)
        let serverCPU = site.servers.mapValues(\.cpu)
        let drained = try await drain(Calls(run: "drain", on: session), n, site, session, connection)
        let services = site.processes.sorted { $0.key.rawValue < $1.key.rawValue }.map { service, process in
            PipelineReport.Consumption(
                service: service.rawValue, atRest: atRest[service] ?? 0, peak: process.peakMemoryMegabytes,
                cpuPer10k: (process.cpu - (cpu[service] ?? 0)) * 10_000 / Double(n))
        }
        let servers = site.servers.mapValues(\.cpu).map { name, seconds in
            (name, (seconds - (serverCPU[name] ?? 0)) * 10_000 / Double(n))
        }
        await connection.close()
        let report = PipelineReport(
            n: n, callsPerSecond: Double(n) / drained.time, eventsPerSecond: Double(drained.events) / drained.time,
            p50: latencies.quantile(0.5), p99: latencies.quantile(0.99), services: services,
            servers: Dictionary(uniqueKeysWithValues: servers),
            thresholds: try Thresholds.checkedIn().pipeline, before: before, after: .now())
        try report.print(asJSON: json)
        if !report.failures.isEmpty { throw ExitCode.failure }
    }

    /// As `copps topology rescale` does it.
    private func rescale(to partitions: Int, _ broker: AMQPConfiguration) async throws {
        for subscription in Catalog.subscriptions {
            guard let rescale = try await Rescale.plan(subscription, into: partitions, broker: broker) else { continue }
            Progress.note("dividing \(subscription.name) into \(partitions)")
            try await rescale.run { _ in }
        }
    }

    /// The time until every call's triage is in the ledger, and how many events are there then.
    @discardableResult
    private func drain(
        _ calls: Calls, _ count: Int, _ site: Site, _ session: PostgresConnection, _ connection: AMQPConnection
    ) async throws -> (time: Double, events: Int) {
        var feed = try await Feed(session)
        for process in site.processes.values { process.freeze() }
        do {
            try await calls.publish(0..<count, on: connection)
        } catch {
            for process in site.processes.values { process.thaw() }
            throw error
        }
        let start = ContinuousClock.now
        for process in site.processes.values { process.thaw() }
        try await feed.await(Self.triaged, of: count, polling: .milliseconds(50), within: .seconds(600))
        let time = (ContinuousClock.now - start) / .seconds(1)
        let events = feed.count
        while try await feed.advance() { try await Task.sleep(for: .milliseconds(500)) }
        return (time, events)
    }

    /// Milliseconds from just before each call is published until its triage is read in the ledger, sorted.
    private func latencies(_ session: PostgresConnection, _ connection: AMQPConnection) async throws -> [Double] {
        let calls = try await Calls(run: "steady", on: session)
        let count = rate * seconds
        let sending = Task {
            var sent: [UUID: ContinuousClock.Instant] = [:]
            let start = ContinuousClock.now
            for index in 0..<count {
                try await Task.sleep(until: start + .seconds(Double(index) / Double(rate)), clock: .continuous)
                sent[calls.id(index).uuid] = .now
                try await connection.send([calls.publication(index)])
            }
            return sent
        }
        var feed = try await Feed(session)
        try await feed.await(
            Self.triaged, of: count, polling: .milliseconds(2), within: .seconds(Double(seconds) + 60))
        let sent = try await sending.value
        return feed.arrivals(of: Self.triaged).compactMap { call, arrival in
            sent[call].map { (arrival - $0) / .milliseconds(1) }
        }.sorted()
    }
}

extension [Double] {
    /// Of sorted values; zero of none.
    func quantile(_ part: Double) -> Double { isEmpty ? 0 : self[Swift.min(count - 1, Int(part * Double(count)))] }
}
