import Contracts
import Foundation
import Messaging
package import Postgres
package import ServiceKit
package import ServiceLifecycle

/// Looks after people once the encounter is over, and after places that keep calling.
///
/// Consumes ``CallTriaged``, ``ProblemDetected``, ``AssignmentOffered``, ``EncounterCleared``, ``CallDeferred``,
/// ``CallHandedOff`` and ``CallJoined``; publishes what becomes of episodes, follow-ups, referrals, cases and problems; owns schema `outreach_resources` and the
/// resource directory (`directory.yaml`).
package enum OutreachResourcesService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_care", embedded: PackageResources._002_care_sql)]

    package static func compose(_ environment: ServiceEnvironment) async throws -> [any Service] {
        let directory = try DirectorySource { () throws(ConfigurationError) in
            try environment.file("directory.yaml")
        }
        let database = PostgresClient(environment.database, logger: environment.logger)
        let flow = environment.flow(database)
        let followCare = flow.processor(FollowCare(directory: directory))
        let reader = CareReader(database: database)
        let commands = CareCommands(processor: followCare)
        let now: @Sendable () -> Date = environment.clock.now
        return [
            database,
            flow.upkeep,
            flow.deadLetters,
            flow.relay,
            flow.timers(followCare),
            flow.retries(followCare),
            flow.consumer(Catalog.care, followCare),
            environment.server(database) { routes in
                DirectoryRoutes(source: directory, reader: reader).add(to: routes)
                MatchRoutes(directory: directory, reader: reader, now: now).add(to: routes)
                CareRoutes(reader: reader, now: now).add(to: routes)
                CareCommandRoutes(commands: commands, reader: reader, directory: directory).add(to: routes)
                EpisodeDecisionRoutes(commands: commands, reader: reader).add(to: routes)
                CaseworkRoutes(commands: commands, reader: reader).add(to: routes)
                DirectoryReloadRoutes(directory: directory).add(to: routes)
            },
        ]
    }
}
