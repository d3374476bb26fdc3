import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport

/// The faults that take more than a line.
extension Scene {
    /// Kills the service and starts it again.
    func restart(_ service: ServiceName, with environment: [String: String] = [:]) async throws {
        copps.kill(service)
        try copps.start(service, with: environment)
        try await copps.awaitReady(service)
    }

    /// Has two processes of a service, and kills the one that works, again and again.
    func killInTurn(_ service: ServiceName, _ random: inout SeededRandom) async throws {
        try copps.start(service, 2)
        try await copps.awaitReady(service, 2)
        for number in [1, 2, 1] {
            try await hold(random.milliseconds(200...1500))
            copps.kill(service, number)
            try await awaitCalls(10)
            try copps.start(service, number)
            try await copps.awaitReady(service, number)
        }
        copps.kill(service, 2)
    }

    /// The first of them.
    func deleteQueue(of subscription: Subscription) async throws {
        let connection = try await management()
        let layout = try await PartitionLayout.oldest(of: subscription, on: connection)
        for queue in layout?.queues(of: subscription).prefix(1) ?? [] { try await connection.delete(queue: queue) }
        await connection.close()
    }

    /// - Parameter time: after which the command is killed, if it has not ended by itself.
    func rescale(_ subscription: Subscription, to partitions: Int, killedAfter time: Duration = .seconds(60))
        async throws
    {
        let isPatient = time >= .seconds(60)
        _ = try await Installation.run(
            URL(filePath: "/usr/bin/env"),
            [
                "timeout", "-s", "KILL", String(time.inSeconds), Installation.products.appending(path: "copps").path,
                "topology", "rescale", "--subscription", subscription.name, "--partitions", String(partitions),
            ], copps.environment, expecting: isPatient ? [0] : [0, 9])
    }

    /// Ends the sessions by which the relays of these services lead.
    func endRelaySessions(of roles: [String]) async throws {
        try await ask(
            """
            select pg_terminate_backend(a.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and a.usename = any(\(roles))
            """)
    }

    /// Waits until another session leads the relays of the service than before.
    func awaitNewLead(of service: ServiceName, after event: () async throws -> Void) async throws {
        let before = try await lead(of: service)
        try await event()
        let isNew = try await eventually(within: .seconds(30)) {
            let now = try await lead(of: service)
            return now != 0 && now != before
        }
        guard isNew else { throw Finding("nobody takes the lead at \(service)") }
    }

    private func lead(of service: ServiceName) async throws -> Int {
        try await number(
            """
            select coalesce(max(a.pid), 0)::bigint from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and a.usename = \(service.schema)
            """)
    }

    /// Waits until triage has decided every call that was confirmed so far, whatever has become of the feed.
    func awaitTriage(within time: Duration) async throws {
        let owed = Array(ledger.calls.acknowledged)
        let isDone = try await eventually(within: time) {
            try await number(
                """
                select count(distinct correlation_id) from triage.events
                where type = \(CallTriaged.type.description) and correlation_id = any(\(owed))
                """) == owed.count
        }
        guard isDone else { throw Finding("triage waits for somebody else's queue") }
    }

    /// Has every service drop what it need not keep, again and again. One old day holds a message that is pending.
    func forgetOldDays() async throws {
        for role in roles { try await ask("select \(unescaped: role).ensure_partitions(40, 0)") }
        let pending = UUID.v7()
        try await ask(
            """
            with event as (
                insert into intake.events (
                    day, id, message_id, exchange, routing_key, type, partition_key, classification, time, body)
                values (
                    current_date - 30, nextval('intake.event_ids'), \(pending), 'receipts', 'receipts.nobody',
                    'receipt', \(pending),
                    'operational', now(), ''::bytea)
                returning id, day, partition_key
            )
            insert into intake.outbox (id, day, partition_key) select id, day, partition_key from event
            """)
        var dropped = 0
        for role in roles {
            while try await ask("select \(unescaped: role).drop_oldest_day(15)").first?.decode(String?.self) != nil {
                dropped += 1
            }
        }
        try await awaitCalls(50)
        let isKept = try await number("select count(*) from intake.events where message_id = \(pending)") == 1
        try await ask("delete from intake.outbox where day = current_date - 30")
        guard isKept else { throw Finding("a day was dropped in which a message was pending") }
        // Of 25 days each, in two tables; one that was in use for more than a moment may be left.
        guard dropped > roles.count * 40 else { throw Finding("only \(dropped) days were dropped") }
    }

    /// Cuts some connections after seeded numbers of bytes, so anywhere in a frame.
    func cut(_ proxy: Proxy, _ direction: Proxy.Direction, _ random: inout SeededRandom) async throws {
        let cuts = (1...15).map { _ in random.number(100...6000) }
        proxy.cut(direction, after: cuts)
        let areDone = try await eventually(within: .seconds(120)) { proxy.pendingCuts == 0 }
        proxy.cancelCuts()
        guard areDone else { throw Finding("nothing passes that could be cut") }
    }

    /// While the broker takes nothing, what it holds already is still taken, answered and kept.
    func expectIntakeGoesOn(_ alarm: (String) async throws -> Void) async throws {
        copps.freeze(.intake)
        let result: Result<Void, any Error>
        do {
            let waiting = 40
            try await awaitCalls(waiting)
            try await alarm("on")
            let before = try await number("select last from intake.receipt_head")
            copps.thaw(.intake)
            let isTaken = try await eventually(within: .seconds(30)) {
                try await number("select last from intake.receipt_head") >= before + waiting
            }
            guard isTaken else { throw Finding("intake does not take what waits during the alarm") }
            guard try await number("select count(*) from intake.outbox") > 0 else {
                throw Finding("the broker took events during its alarm")
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        copps.thaw(.intake)
        try await alarm("off")
        try result.get()
    }

    /// Events of our own making that cannot be handled, and CAD messages that cannot be read, one in fifty.
    func poison(_ random: inout SeededRandom) async throws {
        let connection = try await management()
        try await connection.enableConfirms()
        let kinds = Poison.allCases.shuffled(using: &random)
        for kind in kinds {
            try await awaitCalls(50)
            switch kind {
            case .undecodable: try await intakeSays(CallReceived.type, Data(#"{"call": "#.utf8))
            case .unknownMajor:
                try await intakeSays(EventType(.intake, "call", "received", major: 2), Data(#"{"call": {}}"#.utf8))
            case .oversized: try await intakeSays(CallReceived.type, Self.oversized)
            case .unreadableCall: try await publish(Data("{ \(UUID())".utf8), on: connection)
            case .oversizedCall: try await publish(Self.oversized, on: connection)
            }
            expectParked(kind.parkings)
        }
        await connection.close()
    }

    private enum Poison: CaseIterable {
        case undecodable, unknownMajor, oversized, unreadableCall, oversizedCall

        /// At triage and at notifications, which keeps what it does not know; or at intake.
        var parkings: Int {
            switch self {
            case .undecodable, .oversized: 2
            case .unknownMajor, .unreadableCall, .oversizedCall: 1
            }
        }
    }

    private static var oversized: Data {
        Data(#"{"filler": "\#(UUID())\#(String(repeating: "x", count: 300 << 10))"}"#.utf8)
    }

    private func publish(_ body: Data, on connection: AMQPConnection) async throws {
        let message = Publication(exchange: "cad", routingKey: "cad.banning-pd.call.v1", body: body)
        let tag = try await connection.send([message])
        let rejected = try await connection.confirmations(through: tag, within: .seconds(30))
        guard rejected.isEmpty else { throw Finding("the broker does not take what cannot be read") }
    }

    /// Has intake publish something it would never say, as if a transaction of its own had decided so.
    private func intakeSays(_ type: EventType, _ body: Data) async throws {
        let key = UUID.v7()
        try await ask(saying(type, body, routingKey: CallReceived.type.routingKey(Slot(key)), key: key))
    }

    func saying(_ type: EventType, _ body: Data, routingKey: String, key: UUID) -> SQL {
        """
        with appended as (
            insert into intake.events (
                day, id, message_id, exchange, routing_key, type, partition_key, classification, time, body)
            values (
                (clock_timestamp() at time zone 'UTC')::date, nextval('intake.event_ids'), \(UUID.v7()), 'events',
                \(routingKey), \(type.description), \(key), 'operational', clock_timestamp(), \(body))
            returning id, day, partition_key
        )
        insert into intake.outbox (id, day, partition_key) select id, day, partition_key from appended
        """
    }
}
