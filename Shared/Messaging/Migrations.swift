package import Postgres

/// The tables every service has, before its own.
package enum MessagingMigrations {
    package static let all = [
        Migration(name: "0001_messaging", embedded: PackageResources._001_messaging_sql)
    ]
}
