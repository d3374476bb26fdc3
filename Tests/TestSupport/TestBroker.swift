package import AMQP
import Foundation
package import Testing

/// A virtual host of its own on the test broker, deleted at the end: no suite sees another's queues.
///
/// `@Suite(.privateBroker)` makes one for the suite, found at ``current``; ``with(_:)`` makes one for a block.
package struct TestBroker: Sendable {
    /// As the broker's administrator.
    package let configuration: AMQPConfiguration
    private let management: ManagementAPI

    @TaskLocal private static var ofSuite: TestBroker?

    /// The suite's virtual host.
    package static var current: TestBroker {
        get throws { try ofSuite ?? { throw Problem(description: "the suite lacks the trait .privateBroker") }() }
    }

    package static func with<Value>(_ body: (TestBroker) async throws -> Value) async throws -> Value {
        let name = "test-" + UUID().uuidString.lowercased()
        let server = try TestServer()
        let management = server.management
        try await management.send("PUT", "vhosts/\(name)")
        try await management.send(
            "PUT", "permissions/\(name)/\(server.user)", json: #"{"configure":".*","write":".*","read":".*"}"#)
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await body(
                    TestBroker(configuration: server.configuration(virtualHost: name), management: management)))
        } catch {
            result = .failure(error)
        }
        try await management.send("DELETE", "vhosts/\(name)")
        return try result.get()
    }

    // MARK: What the broker says of itself

    package struct QueueState: Decodable, Sendable {
        package let messages: Int?
        package let messages_unacknowledged: Int?
        package let consumers: Int?
    }

    package struct ConnectionState: Decodable, Sendable {
        package let name: String
        package let user_provided_name: String?
        /// Bytes that the broker has read.
        package let recv_oct: Int?
    }

    /// Nil while the broker knows no such queue. The figures lag by the broker's tick: ask through ``eventually``.
    package func queue(_ name: String) async throws -> QueueState? {
        try await management.get("queues/\(configuration.virtualHost)/\(name)", as: QueueState.self)
    }

    package func connection(named name: String) async throws -> ConnectionState? {
        try await management.get("vhosts/\(configuration.virtualHost)/connections", as: [ConnectionState].self)?
            .first { $0.user_provided_name == name }
    }

    /// Closes the connection from the broker's side.
    package func disconnect(_ connection: ConnectionState) async throws {
        try await management.send("DELETE", "connections/\(ManagementAPI.escaped(connection.name))")
    }

    /// Asks until there is an answer.
    package func eventually<Value>(
        _ what: String, within time: Duration = .seconds(30), _ answer: () async throws -> Value?
    ) async throws -> Value {
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            if let value = try await answer() { return value }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Problem(description: "not within \(time): \(what)")
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    package struct SuiteTrait: Testing.SuiteTrait, TestScoping {
        package func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
        ) async throws {
            try await TestBroker.with { broker in
                try await $ofSuite.withValue(broker) { try await function() }
            }
        }
    }
}

extension Trait where Self == TestBroker.SuiteTrait {
    /// Gives the suite a virtual host of its own.
    package static var privateBroker: Self { Self() }
}

/// The broker that the environment names.
private struct TestServer {
    let user: String
    private let password: String
    private let host: String
    private let port: Int
    let management: ManagementAPI

    init() throws {
        func variable(_ name: String) throws -> String {
            let name = "COPPS_TEST_BROKER_\(name)"
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw TestBroker.Problem(description: "\(name) is not set: run deploy/test")
            }
            return value
        }
        user = try variable("USER")
        password = try variable("PASSWORD")
        host = try variable("HOST")
        guard let port = Int(try variable("PORT")) else {
            throw TestBroker.Problem(description: "COPPS_TEST_BROKER_PORT is not a number")
        }
        self.port = port
        management = ManagementAPI(url: try variable("MANAGEMENT_URL"), user: user, password: password)
    }

    func configuration(virtualHost: String) -> AMQPConfiguration {
        AMQPConfiguration(
            brokers: [BrokerAddress(host: host, port: port)], virtualHost: virtualHost, user: user, password: password,
            connectionName: "test")
    }
}
