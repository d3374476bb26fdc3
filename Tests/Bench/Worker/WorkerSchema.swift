import ArgumentParser
import Messaging
import Postgres

/// The tables the worker needs: those of every service, and the calls.
enum WorkerSchema {
    static let name = "worker"

    /// Makes the schema anew. `bench.py` runs it before each run.
    static var script: String {
        """
        drop schema if exists \(name) cascade;
        create schema \(name);
        set search_path = \(name);
        \(MessagingMigrations.all.map(\.sql).joined(separator: "\n"))
        \(String(decoding: PackageResources.worker_sql, as: UTF8.self))
        select ensure_partitions(1, 1);
        """
    }

    // How `bench.py` checks the result.
    static let callsQuery = "select id, agency, incident_type, priority, lat, lon, payload from \(name).calls"
    static let outboxQuery = "select count(*) from \(name).outbox"
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the SQL that makes the worker's schema anew.")

    func run() {
        print(WorkerSchema.script)
    }
}
