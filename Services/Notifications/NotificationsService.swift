import Contracts
import Messaging
package import Postgres
package import ServiceKit
package import ServiceLifecycle

/// Keeps every event in an append-only ledger and shows each partner exactly what it may see.
///
/// Consumes every event of the catalog; publishes none; owns schema `notifications`.
package enum NotificationsService {
    package static let migrations =
        MessagingMigrations.all + [Migration(name: "0002_feed", embedded: PackageResources._002_feed_sql)]

    package static func compose(_ environment: ServiceEnvironment) throws -> [any Service] {
        let policy = try policy(environment)
        let database = PostgresClient(environment.database, logger: environment.logger)
        let flow = environment.flow(database)
        let append = flow.processor(AppendToFeed(policy: policy))
        let policies = PolicyArchive(database: database, current: policy)
        let partners = PartnerStore(database: database, principals: environment.principals(database))
        return [
            database,
            flow.upkeep,
            flow.deadLetters,
            flow.retries(append),
            flow.consumer(Catalog.ledger, append),
            environment.server(database) { routes in
                FeedRoutes(partners: partners, reader: FeedReader(database: database, policies: policies))
                    .add(to: routes)
                PartnerRoutes(partners: partners, classes: policy.partners.keys.sorted()).add(to: routes)
            },
        ]
    }

    private static func policy(_ environment: ServiceEnvironment) throws(ConfigurationError) -> DisclosurePolicy {
        let text = String(decoding: try environment.file("disclosure.yaml"), as: UTF8.self)
        do {
            let policy = try DisclosurePolicy(yaml: text, file: "disclosure.yaml")
            try policy.check(against: Catalog.events.map { $0.type.description }, file: "disclosure.yaml")
            return policy
        } catch {
            throw ConfigurationError([error.description])
        }
    }
}
