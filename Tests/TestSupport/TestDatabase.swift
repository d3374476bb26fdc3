import Foundation
package import Postgres
package import Testing

/// A database of its own on the test server, dropped at the end: no test sees another's rows.
///
/// `@Suite(.privateDatabase)` makes one for the suite, found at ``current``; ``with(_:)`` makes one for a block.
package struct TestDatabase: Sendable {
    /// As the server's superuser.
    package let configuration: PostgresConfiguration

    @TaskLocal private static var ofSuite: TestDatabase?

    /// The suite's database.
    package static var current: TestDatabase {
        get throws { try ofSuite ?? { throw Missing(description: "the suite lacks the trait .privateDatabase") }() }
    }

    /// The database as another role sees it, limited to a schema when one is given.
    package func configuration(user: String, password: String, schema: String? = nil) -> PostgresConfiguration {
        var copy = configuration
        (copy.user, copy.password, copy.schema) = (user, password, schema)
        return copy
    }

    package static func with<Value>(_ body: (TestDatabase) async throws -> Value) async throws -> Value {
        let name = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        let server = try server()
        let administrator = try await PostgresConnection.open(server)
        try await administrator.execute("create database \(identifier: name)")
        let result: Result<Value, any Error>
        do {
            var configuration = server
            configuration.database = name
            result = .success(try await body(TestDatabase(configuration: configuration)))
        } catch {
            result = .failure(error)
        }
        try await administrator.execute("drop database \(identifier: name) with (force)")
        await administrator.close()
        return try result.get()
    }

    private static func server() throws -> PostgresConfiguration {
        func variable(_ name: String) throws -> String {
            let name = "COPPS_TEST_DATABASE_\(name)"
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw Missing(description: "\(name) is not set: run deploy/test")
            }
            return value
        }
        guard let port = Int(try variable("PORT")) else {
            throw Missing(description: "COPPS_TEST_DATABASE_PORT is not a number")
        }
        return PostgresConfiguration(
            host: try variable("HOST"), port: port, database: "postgres", user: try variable("USER"),
            password: try variable("PASSWORD"), applicationName: "copps-test")
    }

    private struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    package struct SuiteTrait: Testing.SuiteTrait, TestScoping {
        package func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
        ) async throws {
            try await TestDatabase.with { database in
                try await $ofSuite.withValue(database) { try await function() }
            }
        }
    }
}

extension Trait where Self == TestDatabase.SuiteTrait {
    /// Gives the suite a database of its own.
    package static var privateDatabase: Self { Self() }
}
