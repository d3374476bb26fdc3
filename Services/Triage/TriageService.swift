import Contracts
import Foundation
import Messaging
package import Postgres
package import ServiceKit
package import ServiceLifecycle

/// Decides how urgent each call is, who should answer it and how, and says why.
///
/// Consumes ``CallReceived``, ``CallUpdated`` and ``CallClosed``; publishes ``CallTriaged`` and ``ProblemDetected``; owns
/// schema `triage`. The rules are `triage.yaml`; with a mistake in it the service does not start.
package enum TriageService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_decisions", embedded: PackageResources._002_decisions_sql)]

    package static func compose(_ environment: ServiceEnvironment) throws -> [any Service] {
        let ruleSet = try ruleSet(environment)
        let database = PostgresClient(environment.database, logger: environment.logger)
        let flow = environment.flow(database)
        let assess = flow.processor(AssessCalls(ruleSet: ruleSet))
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
                RuleSetRoutes(active: ruleSet, archive: archive).add(to: routes)
            },
        ]
    }

    private static func ruleSet(_ environment: ServiceEnvironment) throws(ConfigurationError) -> RuleSet {
        let text = String(decoding: try environment.file("triage.yaml"), as: UTF8.self)
        do {
            return try RuleSet.load(yaml: text)
        } catch {
            throw ConfigurationError([error.description])
        }
    }
}
