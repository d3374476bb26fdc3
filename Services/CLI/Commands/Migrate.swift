import ArgumentParser
import CBATRouting
import Contracts
import Intake
import Messaging
import Notifications
import OutreachResources
import Postgres
import Triage

/// `copps migrate`: brings every service's schema up to date. Run it before starting a new version; again does nothing.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings every service's database schema up to date.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let database = try Environment.database(
            user: try Environment.require("COPPS_ADMIN_DATABASE_USER"),
            password: try Environment.require("COPPS_ADMIN_DATABASE_PASSWORD"))
        let connection = try await PostgresConnection.open(database)
        // Nobody but the owner needs tables of their own here, not even temporary ones.
        try await connection.execute(
            "revoke temporary, create on database \(identifier: database.database) from public")
        var applied: [String: [String]] = [:]
        for service in ServiceName.allCases {
            let migrator = Migrator(schema: service.schema, role: service.schema, migrations: service.migrations)
            applied[service.rawValue] = try await migrator.migrate(on: connection)
            let password = try Environment.require(Environment.name(service, "DATABASE_PASSWORD"))
            try await migrator.setPassword(password, on: connection)
            _ = try await connection.query(
                "select \(unescaped: service.schema).ensure_partitions(\(Int32(Upkeep.daysBehind)), \(Int32(Upkeep.daysAhead)))"
            )
        }
        try await AuditRole.create(on: connection)
        await connection.close()
        try report(applied)
    }

    private func report(_ applied: [String: [String]]) throws {
        if output.isJSON { return try Output.json(applied) }
        for (service, names) in applied.sorted(by: { $0.key < $1.key }) {
            print("\(service): \(names.isEmpty ? "up to date" : "applied " + names.joined(separator: ", "))")
        }
    }
}

extension ServiceName {
    var migrations: [Migration] {
        switch self {
        case .intake: IntakeService.migrations
        case .triage: TriageService.migrations
        case .cbatRouting: CBATRoutingService.migrations
        case .outreachResources: OutreachResourcesService.migrations
        case .notifications: NotificationsService.migrations
        }
    }
}

/// The role that `copps audit` uses: it reads the views made for it and nothing else.
enum AuditRole {
    static let name = "copps_audit"

    static func create(on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            do $$ begin
                if not exists (select from pg_roles where rolname = 'copps_audit') then
                    create role copps_audit login;
                end if;
            end $$
            """)
        for service in ServiceName.allCases {
            try await connection.execute("grant usage on schema \(unescaped: service.schema) to copps_audit")
            try await connection.execute("grant select on \(unescaped: service.schema).message_audit to copps_audit")
        }
        let password = try Environment.require("COPPS_AUDIT_DATABASE_PASSWORD")
        try await connection.execute(
            "alter role copps_audit password '\(unescaped: password.replacing("'", with: "''"))'")
    }
}
