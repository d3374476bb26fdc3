package import Postgres

/// The tables every service has, before its own. One sequence of numbers serves the whole schema.
package enum MessagingMigrations {
    package static let all = [
        Migration(name: "0001_messaging", embedded: PackageResources._001_messaging_sql),
        Migration(name: "0003_upkeep", embedded: PackageResources._003_upkeep_sql),
    ]
}
