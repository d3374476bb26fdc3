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
/// shifts and the road are `roster.yaml`; with a mistake in it the service does not start, or keeps the roster it has.
package enum CBATRoutingService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_routing", embedded: PackageResources._002_routing_sql)]

    package static func compose(_ environment: ServiceEnvironment) throws -> [any Service] {
        let roster = try Reloadable { () throws(ConfigurationError) in
            try Self.roster(environment.file("roster.yaml"))
        }
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
                AssignmentRoutes(roster: roster, queries: queries, route: route, now: now).add(to: routes)
                DecisionRoutes(queries: queries).add(to: routes)
                RosterRoutes(roster: roster, queries: queries, route: route, now: now).add(to: routes)
                ClosureRoutes(roster: roster, queries: queries, route: route).add(to: routes)
                LedgerRoutes(roster: roster, queries: queries, now: now).add(to: routes)
            },
        ]
    }

    static func roster(_ file: Data) throws(ConfigurationError) -> Roster {
        do {
            return try Roster.load(yaml: String(decoding: file, as: UTF8.self))
        } catch {
            throw ConfigurationError([error.description])
        }
    }
}
