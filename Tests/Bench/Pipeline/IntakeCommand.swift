import AMQP
import ArgumentParser
import Contracts
import Foundation
import Postgres

/// Measures the real intake alone: calls in at the CAD exchange, until it has published the last event of them.
struct IntakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "Measures intake alone, which deploy/bench has started.")

    @Option(help: "How many calls are drained.")
    var n = 20_000

    @Option(help: "Rounds; the median counts.")
    var rounds = 3

    func run() async throws {
        let site = try Site()
        guard let intake = site.processes[.intake] else { throw ValidationError("COPPS_INTAKE_PID is not set.") }
        let session = try await PostgresConnection.open(site.database)
        let connection = try await AMQPConnection.open(site.broker)
        try await connection.enableConfirms()
        try await drain(Calls(run: "warm", on: session), 500, intake, session, connection)
        var rates: [Double] = []
        for round in 1...max(1, rounds) {
            let cpu = intake.cpu
            let time = try await drain(Calls(run: "round-\(round)", on: session), n, intake, session, connection)
            rates.append(Double(n) / time)
            Progress.note(
                "round \(round): \(Report.figure(Double(n) / time)) calls/s, "
                    + "\(Report.figure((intake.cpu - cpu) * 10_000 / Double(n))) CPU s / 10k calls")
        }
        await connection.close()
        let goal = try Thresholds.checkedIn().intake.callsPerSecond
        print(
            "\(Report.figure(rates.median)) calls/s (goal ≥ \(Report.figure(goal))), "
                + "\(Report.figure(intake.peakMemoryMegabytes)) MB at most; \(MachineFacts.now())")
        if rates.median < goal { throw ExitCode.failure }
    }

    /// Seconds until all are in and nothing is left to publish.
    @discardableResult
    private func drain(
        _ calls: Calls, _ count: Int, _ intake: ServiceProcess, _ session: PostgresConnection,
        _ connection: AMQPConnection
    ) async throws -> Double {
        func number(_ sql: SQL) async throws -> Int { try await session.query(sql).first?.decode(Int.self) ?? 0 }
        let known = try await number("select count(*) from intake.calls")
        intake.freeze()
        do {
            try await calls.publish(0..<count, on: connection)
        } catch {
            intake.thaw()
            throw error
        }
        let start = ContinuousClock.now
        intake.thaw()
        while true {
            try await Task.sleep(for: .milliseconds(20))
            let taken = try await number("select last from intake.receipt_head")
            let pending = try await number("select count(*) from intake.outbox")
            if taken >= known + count && pending == 0 { return (ContinuousClock.now - start) / .seconds(1) }
            guard ContinuousClock.now - start < .seconds(300) else { throw ValidationError("Not done in 300 s.") }
        }
    }
}
