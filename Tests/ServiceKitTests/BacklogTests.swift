import Hummingbird
import Postgres
import ServiceKit
import TestSupport
import Testing

@Suite("A backlog", .privateDatabase)
struct BacklogTests {
    @Test("while much is still to be published, what can wait is sent away for a moment and all else is answered")
    func sheds() async throws {
        try await TestServer.withTables { routes, database in
            routes.get("v1/urgent") { _, _ in "at once" }
            routes.afterBacklog(of: database).get("v1/list") { _, _ in "when there is time" }
        } _: { server, database in
            try await database.execute(
                "insert into outbox select n, current_date, gen_random_uuid() from generate_series(1, 20001) as n")
            let refused = try await server.send("GET", "/v1/list")
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "5")
            #expect(refused.text.contains("urn:copps:problem:backlog"))
            #expect(try await server.send("GET", "/v1/urgent").status == 200)

            try await database.execute("delete from outbox where id = 1")
            let deadline = ContinuousClock.now + .seconds(10)
            var status = 503
            while status == 503 && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(200))
                status = try await server.send("GET", "/v1/list").status
            }
            #expect(status == 200)
        }
    }
}
