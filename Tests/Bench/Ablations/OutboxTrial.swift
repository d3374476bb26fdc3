import Foundation
import Messaging
import Postgres

/// Messages appended by one session and taken by another at the same time, in a schema of its own that is gone afterwards.
struct OutboxTrial {
    let design: OutboxDesign
    /// Somebody keeps a transaction open all the while, so what is dead must be walked over.
    let isHeld: Bool
    let n: Int
    let site: Site
    let postgres: ServiceProcess

    private static let schema = "bench_outbox"
    private static let pace = Pace.standard

    var name: String { design.rawValue + (isHeld ? ", beside an open transaction" : "") }

    func run() async throws -> OutboxOutcome {
        let owner = try await open()
        do {
            try await dropSchema(owner)
            let migrator = Migrator(schema: Self.schema, role: site.database.user, migrations: design.migrations)
            _ = try await migrator.migrate(on: owner)
            try await owner.execute("checkpoint")
            var outcome = try await measure()
            (outcome.deadRows, outcome.megabytes) = try await remains(owner)
            try await dropSchema(owner)
            await owner.close()
            return outcome
        } catch {
            try? await dropSchema(owner)
            await owner.close()
            throw error
        }
    }

    private func measure() async throws -> OutboxOutcome {
        let appender = try await open()
        let relay = try await open(RelayStore.sessionSettings)
        let reader = try await open(["idle_in_transaction_session_timeout": "0"])
        let outcome = try await reader.transaction { transaction in
            if isHeld {
                transaction.enqueue("set transaction isolation level repeatable read")
                _ = try await transaction.query("select 1")
            }
            var outcome = try await drain(appender, relay)
            try await appender.execute(design.append(Self.pace.window))
            for _ in 0..<9 {
                outcome.reads.append(
                    try await milliseconds { _ = try await relay.query(design.pending(Self.pace.window)) })
            }
            return outcome
        }
        for session in [appender, relay, reader] {
            _ = try await session.query("select pg_stat_force_next_flush()")
            await session.close()
        }
        return outcome
    }

    private func drain(_ appender: PostgresConnection, _ relay: PostgresConnection) async throws -> OutboxOutcome {
        var outcome = OutboxOutcome(name)
        let cpu = postgres.cpu
        outcome.milliseconds = try await milliseconds {
            try await withThrowingTaskGroup(of: [Double].self) { group in
                group.addTask {
                    for start in stride(from: 0, to: n, by: Self.pace.batch) {
                        try await appender.execute(design.append(min(Self.pace.batch, n - start)))
                    }
                    return []
                }
                group.addTask { try await take(relay) }
                for try await rounds in group { outcome.rounds += rounds }
            }
        }
        outcome.postgresCPU = postgres.cpu - cpu
        return outcome
    }

    /// Takes all there is to come, noting each batch as published when the next is read, as the core's relay does.
    ///
    /// - Returns: what each round took, in milliseconds.
    private func take(_ relay: PostgresConnection) async throws -> [Double] {
        var rounds: [Double] = []
        var batch: [OutboxDesign.Pending] = []
        var count = 0
        while count < n || !batch.isEmpty {
            let published = batch.isEmpty ? [] : [design.note(published: batch)]
            let time = try await milliseconds {
                batch = try await relay.query(design.pending(Self.pace.window), before: published)
                    .map(OutboxDesign.Pending.init)
            }
            count += batch.count
            if batch.isEmpty { try await Task.sleep(for: .milliseconds(1)) } else { rounds.append(time) }
        }
        return rounds
    }

    private func milliseconds(_ work: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    private func open(_ settings: [String: String] = [:]) async throws -> PostgresConnection {
        var configuration = site.database
        configuration.schema = Self.schema
        configuration.settings.merge(settings) { $1 }
        return try await PostgresConnection.open(configuration)
    }

    private func remains(_ owner: PostgresConnection) async throws -> (deadRows: Int, megabytes: Double) {
        let rows = try await owner.query(
            """
            select (select sum(n_dead_tup)::bigint from pg_stat_user_tables where schemaname = \(Self.schema)),
                sum(pg_total_relation_size(oid))::float8 / 1048576
            from pg_class
            where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname ~ '^(events|outbox)'
            """)
        return try rows.first?.decode(Int.self, Double.self) ?? (0, 0)
    }

    private func dropSchema(_ owner: PostgresConnection) async throws {
        try await owner.execute("drop schema if exists \(identifier: Self.schema) cascade")
    }
}
