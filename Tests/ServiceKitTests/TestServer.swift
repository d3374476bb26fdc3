import Contracts
import Foundation
import Hummingbird
import Logging
import Messaging
import Postgres
import ServiceKit
import ServiceLifecycle
import TestSupport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A real ``APIServer`` on a free port of this machine, for the time of one test.
struct TestServer {
    static let token = "open-sesame"

    let port: Int
    let metrics: MetricsRegistry

    /// Nobody listens at port 1: as if the database were down. The operator needs none.
    static var absentDatabase: PostgresClient {
        PostgresClient(
            PostgresConfiguration(
                host: "127.0.0.1", port: 1, database: "copps", user: "nobody", password: "none",
                applicationName: "test", schema: nil),
            logger: Logger(label: "test"))
    }

    static func with(
        database: PostgresClient = absentDatabase, health: Health = Health(service: .triage, checks: []),
        routes: (RouterGroup<APIContext>) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let metrics = MetricsRegistry()
        let server = APIServer(
            HTTPConfiguration(host: "127.0.0.1", port: 0), service: .triage,
            principals: PrincipalStore(database, operatorTokenHash: Token.hash(token)), health: health,
            metrics: metrics, logger: Logger(label: "test"), onRunning: { port.yield($0) }, routes: routes)
        let group = ServiceGroup(services: [server], logger: Logger(label: "test"))
        async let running: Void = group.run()
        var iterator = ports.makeAsyncIterator()
        guard let bound = await iterator.next() else { throw CancellationError() }
        do {
            try await body(TestServer(port: bound, metrics: metrics))
            await group.triggerGracefulShutdown()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        try await running
    }

    /// With a service's own tables, in the suite's database, as the service's own role sees them.
    static func withTables(
        routes: (RouterGroup<APIContext>, PostgresClient) -> Void,
        _ body: (TestServer, PostgresClient) async throws -> Void
    ) async throws {
        try await TestDatabase.current.withSchema(MessagingMigrations.all) { configuration in
            let client = PostgresClient(configuration, logger: Logger(label: "test"))
            try await with(database: client, routes: { routes($0, client) }) { try await body($0, client) }
        }
    }

    struct Answer {
        let status: Int
        let headers: [String: String]
        let text: String

        func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
            try ContractJSON.decode(type, from: Data(text.utf8))
        }
    }

    func send(
        _ method: String, _ path: String, token: String? = token, headers: [String: String] = [:], body: Data? = nil
    ) async throws -> Answer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
        return Answer(status: response.statusCode, headers: headers, text: String(decoding: data, as: UTF8.self))
    }
}
