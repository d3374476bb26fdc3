import Contracts
import Foundation
import Postgres
import TestSupport
import Testing

extension FaultTests {
    /// A suite that nothing fails proves nothing: a service that is wrong on purpose is found out, in a situation that
    /// one which is right survives.
    @Test("the suite finds out", arguments: Mutant.allCases)
    func mutants(mutant: Mutant) async throws {
        let scene = try Scene.current
        #expect(try await mutant.isFoundOut(scene, with: [:]) == false)
        #expect(try await mutant.isFoundOut(scene, with: ["COPPS_MUTATION": mutant.rawValue]))
        try await mutant.heal(scene)
        #expect(try await scene.copps.audit().isClean)
    }
}

enum Mutant: String, CaseIterable, CustomTestStringConvertible {
    case ackBeforeCommit = "ack-before-commit"
    case cursorOutbox = "cursor-outbox"
    case dedupeOff = "dedupe-off"

    var testDescription: String {
        switch self {
        case .ackBeforeCommit: "a consumer that acknowledges before it commits"
        case .cursorOutbox: "a relay that follows ids instead of what is pending"
        case .dedupeOff: "a consumer that does not recognize what it had"
        }
    }

    var service: ServiceName {
        switch self {
        case .ackBeforeCommit: .triage
        case .cursorOutbox: .intake
        case .dedupeOff: .notifications
        }
    }

    /// Brings one service into the situation where the mistake shows, and asks the audit and the counts.
    func isFoundOut(_ scene: Scene, with environment: [String: String]) async throws -> Bool {
        try await scene.restart(service, with: environment)
        switch self {
        case .ackBeforeCommit: try await dieBeforeCommit(scene)
        case .cursorOutbox: try await commitLate(scene)
        case .dedupeOff: return try await repeatEvents(scene)
        }
        return try await !scene.copps.audit(wait: 6).isClean
    }

    func heal(_ scene: Scene) async throws {
        try await scene.restart(service)
        if self == .ackBeforeCommit { try await scene.copps.copps("replay", "--missing", "--wait", "3") }
    }

    /// Triage waits for its inbox with messages in its hands, and is killed.
    private func dieBeforeCommit(_ scene: Scene) async throws {
        let holder = try await scene.session()
        try await holder.execute("begin")
        try await holder.execute("lock table triage.inbox in access exclusive mode")
        _ = try await scene.underLoad(round: "dying-\(UUID())") { try await scene.awaitCalls(10) }
        let isWaiting = try await eventually(within: .seconds(30)) {
            try await scene.number(
                """
                select count(*) from pg_stat_activity
                where usename = 'triage' and wait_event_type = 'Lock' and query like 'insert into inbox%'
                """) > 0
        }
        try #require(isWaiting)
        scene.copps.kill(.triage)
        try await holder.execute("rollback")
        await holder.close()
        try await scene.restart(service)
    }

    /// A transaction takes its number first and commits last.
    private func commitLate(_ scene: Scene) async throws {
        let late = try await scene.session()
        let event = UnitStatusChanged(agency: "banning-pd", unit: "X-1", status: "available", at: Date())
        try await late.execute("begin")
        _ = try await late.query(
            scene.saying(
                UnitStatusChanged.type, try ContractJSON.encode(event),
                routingKey: UnitStatusChanged.type.routingKey(Slot(event.partitionKey)), key: event.partitionKey))
        _ = try await scene.underLoad(round: "late-\(UUID())") {
            try await scene.awaitCalls(10)
            try await scene.awaitRecovery(within: .seconds(30))
        }
        try await late.execute("commit")
        await late.close()
    }

    /// Notifications is sent again what it had.
    private func repeatEvents(_ scene: Scene) async throws -> Bool {
        let parked = try await scene.openParked()
        let again = try await scene.number(
            """
            with again as (
                insert into intake.outbox (id, day, partition_key)
                select id, day, partition_key from intake.events where exchange = 'events' order by id desc limit 20
                on conflict do nothing returning 1)
            select count(*) from again
            """)
        try #require(again > 0)
        _ = try await scene.underLoad(round: "again-\(UUID())") {
            try await scene.awaitCalls(10)
            try await scene.awaitRecovery(within: .seconds(30))
        }
        let audit = try await scene.copps.audit()
        let parkings = try await scene.openParked() - parked
        return !audit.isClean || parkings > 0
    }
}
