import Contracts
import Foundation
import Messaging
package import Postgres
package import ServiceKit
package import ServiceLifecycle

/// Sends the right pair of officer and clinician to the right call, and names who answers when none can.
///
/// Consumes ``CallTriaged`` and ``UnitStatusChanged``; publishes ``AssignmentOffered`` and what follows from it to
/// ``EncounterCleared``, ``CallDeferred``, ``CallHandedOff`` and ``CallJoined``; owns schema `cbat_routing`. People,
/// shifts and the road are `roster.yaml`; with a mistake in it the service does not start.
package enum CBATRoutingService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_routing", embedded: PackageResources._002_routing_sql)]

    package static func compose(_ environment: ServiceEnvironment) throws -> [any Service] {
        let roster = try roster(environment)
        let database = PostgresClient(environment.database, logger: environment.logger)
        let flow = environment.flow(database)
        let route = flow.processor(RouteCalls(roster: roster))
        let queries = RoutingQueries(database: database)
        let now = environment.clock.now
        return [
            database,
            flow.upkeep,
            flow.deadLetters,
            flow.relay,
            flow.retries(route),
            flow.timers(route),
            flow.consumer(Catalog.routing, route),
            environment.server(database) { routes in
                AssignmentRoutes(queries: queries, route: route).add(to: routes)
                DecisionRoutes(queries: queries).add(to: routes)
                RosterRoutes(roster: roster, queries: queries, route: route, now: now).add(to: routes)
                ClosureRoutes(travel: roster.travel, queries: queries, route: route).add(to: routes)
                LedgerRoutes(roster: roster, queries: queries, now: now).add(to: routes)
            },
        ]
    }

    private static func roster(_ environment: ServiceEnvironment) throws(ConfigurationError) -> Roster {
        let text = String(decoding: try environment.file("roster.yaml"), as: UTF8.self)
        do {
            return try Roster.load(yaml: text)
        } catch {
            throw ConfigurationError([error.description])
        }
    }
}
