import AMQP
import Contracts
import Foundation
import Postgres
import ServiceKit
import Testing

@Suite("Settings")
struct SettingsTests {
    @Test("every missing or malformed setting is reported at once, each with how to set it")
    func allProblemsAtOnce() throws {
        var settings = Settings(environment: [
            "COPPS_DATABASE_PORT": "postgres", "COPPS_LOG_LEVEL": "loud", "COPPS_CLOCK_RATE": "-1",
            "COPPS_CONFIG_DIR": "/nowhere/at/all",
        ])
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfiguration(&settings, service: .triage)
        }
        let text = try #require(error).description
        for name in [
            "COPPS_DATABASE_HOST is not set", "COPPS_DATABASE_PASSWORD is not set", "COPPS_BROKER_HOST is not set",
            "COPPS_BROKER_PASSWORD is not set", "COPPS_OPERATOR_TOKEN_SHA256 is not set",
            "COPPS_DATABASE_PORT is malformed (“postgres”)", "COPPS_LOG_LEVEL is malformed",
            "COPPS_CLOCK_RATE is malformed", "COPPS_CONFIG_DIR is malformed",
            "or set COPPS_DATABASE_PASSWORD_FILE to the path",
        ] {
            #expect(text.contains(name), "the report lacks “\(name)”")
        }
    }

    @Test("a malformed secret is named but never printed")
    func secretsAreNotPrinted() {
        var settings = Settings(environment: ["COPPS_OPERATOR_TOKEN_SHA256": "hunter2"])
        _ = settings.value(
            "COPPS_OPERATOR_TOKEN_SHA256", "SHA-256", isSecret: true, parse: Token.hash(hexadecimal:))
        #expect(settings.problems.count == 1)
        #expect(settings.problems[0].contains("COPPS_OPERATOR_TOKEN_SHA256 is malformed"))
        #expect(!settings.problems[0].contains("hunter2"))
    }

    @Test("a complete environment makes a configuration, with defaults from the service's name")
    func completeEnvironment() throws {
        var settings = Settings(environment: Self.complete)
        let configuration = try ServiceConfiguration(&settings, service: .cbatRouting)
        #expect(configuration.database.user == "cbat_routing")
        #expect(configuration.database.schema == "cbat_routing")
        #expect(configuration.broker.user == "cbat_routing")
        #expect(configuration.http == HTTPConfiguration(host: "0.0.0.0", port: 8080))
        #expect(configuration.operatorTokenHash == Token.hash("open sesame"))
    }

    @Test(
        "the broker may be the nodes of a cluster, each on a port of its own or on the common one",
        arguments: [
            ("mq", [("mq", 5671)]), ("mq:5673", [("mq", 5673)]), ("::1", [("::1", 5671)]),
            ("mq1,mq2:5673, 10.0.0.3", [("mq1", 5671), ("mq2", 5673), ("10.0.0.3", 5671)]),
        ])
    func brokers(text: String, brokers: [(String, Int)]) throws {
        var settings = Settings(
            environment: Self.complete.merging(["COPPS_BROKER_HOST": text, "COPPS_BROKER_PORT": "5671"]) { $1 })
        let configuration = try ServiceConfiguration(&settings, service: .triage)
        #expect(configuration.broker.brokers == brokers.map { BrokerAddress(host: $0.0, port: $0.1) })
    }

    @Test(
        "a list of brokers with an entry that is none is a problem",
        arguments: ["mq1,,mq2", "mq1,", "mq1:amqp", "mq1:0", "mq1:70000", ":5672", "mq1 mq2"])
    func malformedBrokers(text: String) {
        var settings = Settings(environment: Self.complete.merging(["COPPS_BROKER_HOST": text]) { $1 })
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfiguration(&settings, service: .triage)
        }
        #expect(error?.description.contains("COPPS_BROKER_HOST is malformed (“\(text)”)") == true)
    }

    @Test("a secret may be in a file, and its last line feed is not part of it")
    func secretFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "copps-\(UUID())")
        try Data("s3cret\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var settings = Settings(environment: ["COPPS_DATABASE_PASSWORD_FILE": file.path])
        #expect(settings.secret("COPPS_DATABASE_PASSWORD", "password") == "s3cret")
        try settings.check()
    }

    @Test(
        "an unreadable file, an empty variable, and a setting given twice are problems",
        arguments: [
            (["X_FILE": "/nowhere/at/all"], "X_FILE names a file that cannot be read"),
            (["X": ""], "X is not set"),
            (["X": "1", "X_FILE": "/etc/hostname"], "X and X_FILE are both set"),
        ])
    func badSources(environment: [String: String], problem: String) throws {
        var settings = Settings(environment: environment)
        #expect(settings.secret("X", "something") == "")
        #expect(settings.problems.count == 1)
        #expect(settings.problems.first?.hasPrefix(problem) == true)
    }

    static let complete = [
        "COPPS_DATABASE_HOST": "db", "COPPS_DATABASE_PASSWORD": "one", "COPPS_BROKER_HOST": "mq",
        "COPPS_BROKER_PASSWORD": "two", "COPPS_CONFIG_DIR": "/tmp",
        // printf 'open sesame' | sha256sum
        "COPPS_OPERATOR_TOKEN_SHA256": "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb",
    ]
}
