import Contracts
import Foundation
import Messaging
package import Postgres
package import ServiceKit
package import ServiceLifecycle

/// Decides how urgent each call is, who should answer it and how, and says why.
///
/// Consumes ``CallReceived``, ``CallUpdated`` and ``CallClosed``; publishes ``CallTriaged`` and ``ProblemDetected``; owns
/// schema `triage`. The rules are `triage.yaml`; with a mistake in it the service does not start, or keeps those it
/// has.
package enum TriageService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_decisions", embedded: PackageResources._002_decisions_sql)]

    package static func compose(_ environment: ServiceEnvironment) throws -> [any Service] {
        let rules = try Reloadable { () throws(ConfigurationError) in try ruleSet(environment.file("triage.yaml")) }
        let database = PostgresClient(environment.database, logger: environment.logger)
        let flow = environment.flow(database)
        let assess = flow.processor(AssessCalls(rules: rules))
        let archive = DecisionArchive(database: database)
        return [
            database,
            flow.upkeep,
            flow.deadLetters,
            flow.relay,
            flow.retries(assess),
            flow.consumer(Catalog.calls, assess),
            environment.server(database) { routes in
                DecisionRoutes(archive: archive, assess: assess).add(to: routes)
                RuleSetRoutes(rules: rules, archive: archive).add(to: routes)
            },
        ]
    }

    static func ruleSet(_ file: Data) throws(ConfigurationError) -> RuleSet {
        do {
            return try RuleSet.load(yaml: String(decoding: file, as: UTF8.self))
        } catch {
            throw ConfigurationError(error.lines)
        }
    }
}
