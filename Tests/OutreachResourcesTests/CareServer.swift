import AMQP
import Contracts
import Foundation
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TestSupport

@testable import OutreachResources

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The service's routes on a free port, over the suite's database, for the time of one test.
struct CareServer: Sendable {
    private static let token = "open-sesame"
    let port: Int

    static func with(_ body: (CareServer, CareDatabase) async throws -> Void) async throws {
        try await CareDatabase.with { care in
            let (ports, bound) = AsyncStream.makeStream(of: Int.self)
            let flow = MessageFlow(
                .outreachResources, database: care.database,
                databaseConfiguration: try TestDatabase.current.configuration,
                broker: .init(
                    brokers: [], virtualHost: "none", user: "none", password: "none",
                    connectionName: "none"),
                now: { Samples.now }, logger: Logger(label: "test"))
            let source = care.handler.directory
            let server = APIServer(
                HTTPConfiguration(host: "127.0.0.1", port: 0), service: .outreachResources,
                principals: PrincipalStore(care.database, operatorTokenHash: Token.hash(token)),
                health: Health(service: .outreachResources, checks: []), metrics: MetricsRegistry(),
                logger: Logger(label: "test"), onRunning: { bound.yield($0) }
            ) { routes in
                DirectoryRoutes(source: source, reader: care.reader).add(to: routes)
                DirectoryReloadRoutes(directory: source).add(to: routes)
                MatchRoutes(directory: source, reader: care.reader, now: { Samples.now }).add(to: routes)
                CareRoutes(reader: care.reader, now: { Samples.now }).add(to: routes)
                let commands = CareCommands(processor: flow.processor(care.handler))
                CareCommandRoutes(commands: commands, reader: care.reader, directory: source).add(to: routes)
                EpisodeDecisionRoutes(commands: commands, reader: care.reader).add(to: routes)
                CaseworkRoutes(commands: commands, reader: care.reader).add(to: routes)
            }
            let group = ServiceGroup(services: [server], logger: Logger(label: "test"))
            async let running: Void = group.run()
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw CancellationError() }
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(CareServer(port: port), care))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await running
            try result.get()
        }
    }

    func send(
        _ method: String, _ path: String, _ body: String? = nil, token: String? = token
    ) async throws -> (status: Int, text: String) {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        return (response.statusCode, String(decoding: data, as: UTF8.self))
    }

    /// A token of this role and agency.
    func token(_ role: Role, of agency: AgencyID?, _ care: CareDatabase) async throws -> String {
        let name = "\(role)-\(agency?.rawValue ?? "county")"
        _ = try await PrincipalStore(care.database, operatorTokenHash: Data()).add(
            Principal(name: name, role: role, agency: agency), tokenHash: Token.hash(name))
        return name
    }

    func json(_ method: String, _ path: String) async throws -> [String: Any] {
        let text = try await send(method, path).text
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
}
