import AMQP
import Contracts
import Foundation
import Hummingbird
import Logging
import Messaging
import Postgres
import ServiceKit
import ServiceLifecycle

@testable import CBATRouting

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The service's routes on a free port of this machine, over a real database.
struct RoutingServer {
    let port: Int

    static func with(_ database: RoutingDatabase, now: Date, _ body: (RoutingServer) async throws -> Void) async throws
    {
        let roster = database.handler.roster
        // Read by nothing here: commands need neither relay nor consumer.
        let flow = MessageFlow(
            .cbatRouting, database: database.client, databaseConfiguration: database.configuration,
            broker: .init(
                brokers: [], virtualHost: "none", user: "none", password: "none", connectionName: "none"),
            now: { now }, logger: Logger(label: "test"))
        let route = flow.processor(database.handler)
        let queries = database.queries
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = APIServer(
            HTTPConfiguration(host: "127.0.0.1", port: 0), service: .cbatRouting,
            principals: PrincipalStore(database.client, operatorTokenHash: Token.hash("operator")),
            health: Health(service: .cbatRouting, checks: []), metrics: MetricsRegistry(),
            logger: Logger(label: "test"), onRunning: { port.yield($0) }
        ) { routes in
            AssignmentRoutes(roster: roster, queries: queries, route: route, now: { now }).add(to: routes)
            DecisionRoutes(queries: queries).add(to: routes)
            RosterRoutes(roster: roster, queries: queries, route: route, now: { now }).add(to: routes)
            ClosureRoutes(roster: roster, queries: queries, route: route).add(to: routes)
            LedgerRoutes(roster: roster, queries: queries, now: { now }).add(to: routes)
        }
        let group = ServiceGroup(services: [server], logger: Logger(label: "test"))
        async let running: Void = group.run()
        var iterator = ports.makeAsyncIterator()
        guard let bound = await iterator.next() else { throw CancellationError() }
        let result: Result<Void, any Error>
        do {
            try await body(RoutingServer(port: bound))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running
        try result.get()
    }

    func send(
        _ method: String, _ path: String, token: String = "operator", key: UUID? = nil, body: String? = nil
    ) async throws -> (status: Int, text: String) {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        if let key { request.setValue(key.uuidString, forHTTPHeaderField: "Idempotency-Key") }
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
    }

    /// Makes a token for a unit, or somebody else, of an agency.
    func unitToken(_ agency: AgencyID, role: Role = .unit) async throws -> String {
        struct Created: Decodable { let token: String }
        let body = #"{"name":"\#(role)-\#(agency)","role":"\#(role)","agency":"\#(agency)"}"#
        let created = try await send("POST", "/v1/principals", body: body)
        return try ContractJSON.decode(Created.self, from: Data(created.text.utf8)).token
    }
}
