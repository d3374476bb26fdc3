import ArgumentParser
import Contracts
import Foundation
import Messaging
import Postgres

/// `copps audit`: proves that nothing was lost or doubled and that every person in care has an owner.
///
/// Reads only the views made for it (`message_audit`: ids, types, states) and the open episodes. Compares the days in
/// which a message is still told from a duplicate.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks that every event reached every subscriber once, and that no open episode is an orphan.",
        discussion: "Exits 1 when it finds something. Messages on their way are waited for.")

    @Option(help: "Seconds to wait for what is still on its way.") var wait = 30
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let connection = try await PostgresConnection.open(
            try Environment.database(
                user: AuditRole.name, password: try Environment.require("COPPS_AUDIT_DATABASE_PASSWORD")))
        let deadline = ContinuousClock.now + .seconds(wait)
        var report = try await MessageAudit(connection: connection).report()
        while report.isOnItsWay && ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(500))
            report = try await MessageAudit(connection: connection).report()
        }
        await connection.close()
        report.orphans = try await orphans()
        report.silentAssignments = try await silentAssignments()
        if output.isJSON { try Output.json(report) } else { print(report.text) }
        if !report.isClean { throw ExitCode(1) }
    }

    private func silentAssignments() async throws -> Int {
        struct Listing: Decodable {
            struct Silent: Decodable {}
            let assignments: [Silent]
        }
        return try await APIClient(.cbatRouting).get("/v1/assignments?overdue=true", as: Listing.self).assignments.count
    }

    private func orphans() async throws -> Int {
        struct Page: Decodable {
            let count: Int
        }
        return try await APIClient(.outreachResources).get("/v1/episodes?orphans=true", as: Page.self).count
    }
}

/// What the audit found.
struct AuditReport: Encodable {
    var published = 0
    /// Committed and not yet confirmed by the broker.
    var pending = 0
    /// Per subscription: events that its service should have and has not.
    var missing: [String: Int] = [:]
    /// Messages a service handled that nobody published.
    var unexpected: [String: Int] = [:]
    /// Messages handled, waiting for another try, or parked, per service.
    var received: [String: [String: Int]] = [:]
    /// Per service: how often a message was handled once more than once.
    var doubled: [String: Int] = [:]
    /// Ends of CBAT's part that outreach set aside: nobody looks after these people until they are replayed.
    var unowned = 0
    /// Open episodes that nobody would notice.
    var orphans = 0
    /// Pairs that took a call and have said nothing about it for too long. For information: somebody should ask them.
    var silentAssignments = 0

    var isOnItsWay: Bool { pending > 0 || missing.values.contains { $0 > 0 } }
    var isClean: Bool {
        !isOnItsWay && unexpected.values.allSatisfy { $0 == 0 } && doubled.values.allSatisfy { $0 == 0 }
            && unowned == 0 && orphans == 0
    }

    var text: String {
        var lines = ["\(published) messages published, \(pending) still pending"]
        for (service, states) in received.sorted(by: { $0.key < $1.key }) {
            let parts = states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("\(service): \(parts.joined(separator: ", "))")
        }
        lines += missing.filter { $0.value > 0 }.map { "\($0.key) misses \($0.value) events" }.sorted()
        lines += unexpected.filter { $0.value > 0 }.map { "\($0.key) handled \($0.value) nobody published" }.sorted()
        lines += doubled.filter { $0.value > 0 }.map { "\($0.key) handled \($0.value) twice" }.sorted()
        if unowned > 0 {
            lines.append("\(unowned) people have no owner: outreach-resources parked the end of their encounter;")
            lines.append("`copps parked list` says why, `copps parked replay` brings them back")
        }
        if orphans > 0 { lines.append("\(orphans) open episodes lack an owner, next action or deadline") }
        if silentAssignments > 0 {
            lines.append("\(silentAssignments) pairs have been silent for too long about the call they are on;")
            lines.append("GET /v1/assignments?overdue=true of cbat-routing lists them")
        }
        if isClean { lines.append("Nothing lost, nothing doubled, nobody orphaned.") }
        return lines.joined(separator: "\n")
    }
}

/// Ledgers against inboxes, over the audit views.
struct MessageAudit {
    let connection: PostgresConnection

    func report() async throws -> AuditReport {
        var report = AuditReport()
        for service in ServiceName.allCases {
            let rows = try await connection.query(
                """
                select direction, state, count(*) from \(unescaped: service.schema).message_audit group by 1, 2
                """)
            for row in rows {
                let (direction, state, count) = try row.decode(String.self, String.self, Int.self)
                if direction == "received" {
                    report.received[service.rawValue, default: [:]][state] = count
                } else {
                    report.published += count
                    if state == "pending" { report.pending += count }
                }
            }
            report.doubled[service.rawValue] = try await doubled(service)
        }
        for subscription in Catalog.subscriptions {
            report.missing[subscription.name] = try await missing(subscription)
            report.unexpected[subscription.name] = try await unexpected(subscription)
        }
        report.unowned = try await unowned()
        return report
    }

    private func doubled(_ service: ServiceName) async throws -> Int {
        let rows = try await connection.query(
            """
            select count(*) - count(distinct message_id) from \(unescaped: service.schema).message_audit
            where direction = 'received'
            """)
        return try rows.first?.decode(Int.self) ?? 0
    }

    /// Parked events that end CBAT's part and name the next owner.
    private func unowned() async throws -> Int {
        let care = Catalog.care
        let ends = care.types.filter { $0.service == .cbatRouting }.map(\.description)
        let rows = try await connection.query(
            """
            select count(*) from \(unescaped: care.service.schema).message_audit
            where direction = 'received' and state = 'parked' and type = any(\(ends))
            """)
        return try rows.first?.decode(Int.self) ?? 0
    }

    /// Events in the ledgers that the service's inbox does not know.
    private func missing(_ subscription: Subscription) async throws -> Int {
        let rows = try await connection.query(
            """
            select count(*) from (\(unescaped: subscription.ledgers)) as p
            where p.type = any(\(subscription.types.map(\.description))) and not exists (
                select from \(unescaped: subscription.service.schema).message_audit r
                where r.direction = 'received' and r.message_id = p.message_id)
            """)
        return try rows.first?.decode(Int.self) ?? 0
    }

    /// Events in the service's inbox that no ledger has.
    private func unexpected(_ subscription: Subscription) async throws -> Int {
        let rows = try await connection.query(
            """
            select count(*) from \(unescaped: subscription.service.schema).message_audit r
            where r.direction = 'received' and r.type = any(\(subscription.types.map(\.description)))
                and \(unescaped: Subscription.isRecent("r"))
                and not exists (select from (\(unescaped: subscription.ledgers)) as p where p.message_id = r.message_id)
            """)
        return try rows.first?.decode(Int.self) ?? 0
    }
}

extension Subscription {
    /// SQL for whether a message is of a day that is compared: older ones would not be handled any more, and the days of
    /// ledgers and inboxes are dropped one by one.
    static func isRecent(_ table: String) -> String {
        "\(table).day > (clock_timestamp() at time zone 'UTC')::date - \(Envelope.dedupeDays)"
    }

    /// SQL for what the services that it listens to have published lately: message_id, type, at.
    var ledgers: String {
        Set(types.map(\.service)).sorted { $0.rawValue < $1.rawValue }.map { service in
            """
            select message_id, type, at from \(service.schema).message_audit l
            where l.direction = 'published' and \(Self.isRecent("l"))
            """
        }.joined(separator: " union all ")
    }
}
