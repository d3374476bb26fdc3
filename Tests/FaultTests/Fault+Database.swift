import Contracts
import Postgres
import TestSupport

extension Fault {
    static let databaseFaults = [
        Fault("the database is killed in the middle of its transactions") { scene, random in
            try await scene.servers.tell("kill-postgres")
            try await scene.hold(random.milliseconds(100...2000))
            try await scene.servers.tell("start-postgres")
        },
        Fault("the sessions that lead the relays are ended") { scene, random in
            for _ in 1...3 {
                try await scene.endRelaySessions(of: scene.roles)
                try await scene.hold(random.milliseconds(200...900))
            }
        },
        Fault("every session is ended") { scene, random in
            for _ in 1...3 {
                try await scene.ask(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = any(\(scene.roles))")
                try await scene.hold(random.milliseconds(200...900))
            }
        },
        Fault("somebody keeps a transaction open and forgets it") { scene, _ in
            let session = try await scene.session()
            try await session.execute("begin isolation level repeatable read")
            _ = try await session.query("select count(*) from intake.events")
            try await scene.awaitCalls(100)
            try await scene.awaitRecovery(within: .seconds(30))
            await session.close()
        },
        Fault("a table is locked for longer than a statement may take", isShort: false) { scene, _ in
            let session = try await scene.session()
            try await session.execute("begin")
            try await session.execute("lock table triage.inbox, notifications.feed_head in access exclusive mode")
            try await scene.hold(.seconds(12))
            await session.close()
        },
        Fault("old days are dropped under load, and those that are needed stay") { scene, _ in
            try await scene.forgetOldDays()
        },
        Fault("the database refuses to write for some seconds") { scene, random in
            try await scene.servers.tell("read-only", "on")
            try await scene.hold(random.milliseconds(3000...6000))
            try await scene.servers.tell("read-only", "off")
        },
    ]
}
