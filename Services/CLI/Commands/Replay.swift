import NIOHTTP1
import ArgumentParser
import Contracts
import Foundation
import Postgres

/// `copps replay`: what a service missed is published once more by whoever said it.
///
/// Everybody is sent it again under its original id, and who had it recognizes it: nobody is disturbed. The events are
/// those of the ledgers, so nothing can be made up.
struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Has events published again that a service missed, or all since a time.",
        discussion: """
            Events older than the 14 days that an inbox remembers are parked by who receives them. Exits 1 when \
            something is still missing afterwards.
            """)

    @ArgumentParser.Flag(help: "Those that `copps audit` finds missing.") var missing = false
    @Option(help: "All since this time, as the events tell it: 2026-11-04T17:00:00Z. Not older than 14 days.") var from:
        String?
    @Option(help: "Only what this service subscribes to.") var service: String?
    @Option(help: "Seconds to wait for what is still on its way, before and afterwards.") var wait = 10
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard missing != (from != nil) else { throw ValidationError("give either --missing or --from") }
        if let from, ContractJSON.date(from) == nil { throw ValidationError("\(from) is no time") }
        if let service, ServiceName(rawValue: service) == nil {
            throw ValidationError("there is no service \(service)")
        }
    }

    func run() async throws {
        let connection = try await PostgresConnection.open(
            try Environment.database(
                user: AuditRole.name, password: try Environment.require("COPPS_AUDIT_DATABASE_PASSWORD")))
        let ledgers = EventSearch(
            connection: connection, subscriptions: Catalog.subscriptions.filter { subscribes($0.service) })
        let events: [ServiceName: [UUID]]
        if let time = from.flatMap(ContractJSON.date) {
            events = try await ledgers.published(since: time)
        } else {
            events = try await ledgers.missing(after: wait)
        }
        var published: [String: Int] = [:]
        for (service, ids) in events { published[service.rawValue] = try await publishAgain(ids, by: service) }
        let rest = published.isEmpty ? [:] : try await ledgers.missing(after: wait)
        await connection.close()
        try report(published, missing: rest.values.reduce(0) { $0 + $1.count })
    }

    private func subscribes(_ name: ServiceName) -> Bool { service.map { $0 == name.rawValue } ?? true }

    private func publishAgain(_ ids: [UUID], by service: ServiceName) async throws -> Int {
        struct Wanted: Encodable, Sendable {
            let ids: [UUID]
        }
        struct Answer: Decodable {
            let published: Int
        }
        let client = try APIClient(service)
        var count = 0
        for start in stride(from: 0, to: ids.count, by: Self.most) {
            let part = Array(ids[start..<min(start + Self.most, ids.count)])
            let answer = try await client.send(.POST, "/v1/events/replay", body: Wanted(ids: part))
            count += try ContractJSON.decode(Answer.self, from: answer).published
        }
        return count
    }

    /// What the interface takes at once.
    private static let most = 1000

    private func report(_ published: [String: Int], missing: Int) throws {
        if output.isJSON {
            try Output.json(["published": published, "missing": ["after": missing]])
        } else if published.isEmpty {
            print(from.map { "There is nothing to publish again since \($0)." } ?? "Nothing is missing.")
        } else {
            for (service, count) in published.sorted(by: { $0.key < $1.key }) {
                print("\(service) publishes \(count) events again.")
            }
            print(missing == 0 ? "Nothing is missing any more." : "\(missing) are still missing.")
        }
        if missing > 0 { throw ExitCode(1) }
    }
}

/// Events in the ledgers, by who said them, as the audit's views show them.
private struct EventSearch {
    let connection: PostgresConnection
    let subscriptions: [Subscription]

    /// Events that a subscriber does not have, when what is still on its way has had so many seconds to arrive. What is
    /// published meanwhile is on its way for less, and not counted.
    func missing(after seconds: Int) async throws -> [ServiceName: [UUID]] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var owed = try await missing()
        while !owed.isEmpty && ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(500))
            let missing = Set(try await missing().values.joined())
            owed = owed.compactMapValues { ids in
                let rest = ids.filter(missing.contains)
                return rest.isEmpty ? nil : rest
            }
        }
        return owed
    }

    private func missing() async throws -> [ServiceName: [UUID]] {
        try await events { subscription in
            """
            not exists (
                select from \(subscription.service.schema).message_audit r
                where r.direction = 'received' and r.message_id = p.message_id)
            """
        }
    }

    func published(since time: Date) async throws -> [ServiceName: [UUID]] {
        try await events { _ in "p.at >= '\(ContractJSON.timestamp(time))'" }
    }

    private func events(where condition: (Subscription) -> String) async throws -> [ServiceName: [UUID]] {
        var found: [ServiceName: Set<UUID>] = [:]
        for subscription in subscriptions {
            let rows = try await connection.query(
                """
                select p.message_id, p.type from (\(unescaped: subscription.ledgers)) as p
                where p.type = any(\(subscription.types.map(\.description))) and \(unescaped: condition(subscription))
                """)
            for row in rows {
                let (id, type) = try row.decode(UUID.self, String.self)
                if let service = EventType(type)?.service { found[service, default: []].insert(id) }
            }
        }
        // A version 7 id begins with its time: what was said first is said first.
        return found.mapValues { $0.sorted { $0.uuidString < $1.uuidString } }
    }
}
