// swift-tools-version: 6.2
import PackageDescription

// Third-party products, named once.
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")

/// A service is a library, so that its tests and `copps migrate` can import it, and an executable of a few lines.
func service(_ name: String, _ executable: String, migrations: [String], also: [Target.Dependency] = []) -> [Target] {
    [
        .target(
            name: name,
            dependencies: [
                "AMQP", "Contracts", "Messaging", "Postgres", "ServiceKit", crypto, hummingbird, httpTypes, lifecycle,
                logging, metrics, yams,
            ] + also,
            path: "Services/\(name)", exclude: ["Main"],
            resources: migrations.map { .embedInCode("Migrations/\($0).sql") }),
        .executableTarget(
            name: executable, dependencies: [.target(name: name), "Contracts", "ServiceKit"],
            path: "Services/\(name)/Main"),
    ]
}

func tests(of name: String, also dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies, exclude: exclude)
}

let package = Package(
    name: "copps",
    platforms: [.macOS(.v15)],
    products: [.library(name: "Contracts", targets: ["Contracts"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CRabbitMQ", path: "Shared/CRabbitMQ", pkgConfig: "librabbitmq"),
        .systemLibrary(name: "CPostgres", path: "Shared/CPostgres", pkgConfig: "libpq"),
        .target(name: "Threading", path: "Shared/Threading"),
        .target(name: "AMQP", dependencies: ["CRabbitMQ", "Threading", crypto], path: "Shared/AMQP"),
        .target(
            name: "Postgres", dependencies: ["CPostgres", "Threading", crypto, lifecycle, logging],
            path: "Shared/Postgres"),
        .target(name: "Contracts", dependencies: [crypto], path: "Shared/Contracts", exclude: ["Schemas"]),
        .target(
            name: "Messaging",
            dependencies: ["AMQP", "Contracts", "Postgres", "Threading", crypto, lifecycle, logging, metrics],
            path: "Shared/Messaging",
            resources: [
                .embedInCode("Migrations/0001_messaging.sql"), .embedInCode("Migrations/0003_upkeep.sql"),
            ]),
        .target(
            name: "ServiceKit",
            dependencies: [
                "AMQP", "Contracts", "Messaging", "Postgres", configuration, crypto, hummingbird, httpTypes, lifecycle,
                logging, metrics, signals,
            ],
            path: "Shared/ServiceKit"),
    ]
        + service("Intake", "copps-intake", migrations: ["0002_calls"], also: [csv])
        + service("Triage", "copps-triage", migrations: ["0002_decisions"])
        + service("CBATRouting", "copps-cbat-routing", migrations: ["0002_routing"])
        + service("OutreachResources", "copps-outreach-resources", migrations: ["0002_care"])
        + service("Notifications", "copps-notifications", migrations: ["0002_feed"])
        + [
            .executableTarget(
                name: "copps",
                dependencies: [
                    "AMQP", "CBATRouting", "Contracts", "Intake", "Messaging", "Notifications", "OutreachResources",
                    "Postgres", "ServiceKit", "Triage", arguments, httpClient, nio, nioHTTP,
                ],
                path: "Services/CLI"),
            .executableTarget(
                name: "copps-bench",
                dependencies: ["AMQP", "Contracts", "Messaging", "Postgres", arguments, lifecycle, logging, signals],
                path: "Tests/Bench",
                resources: [.embedInCode("thresholds.json"), .embedInCode("Worker/worker.sql")]),
            .target(
                name: "TestSupport", dependencies: ["AMQP", "Contracts", "Messaging", "Postgres"],
                path: "Tests/TestSupport"),
            tests(of: "Threading"),
            tests(of: "AMQP"),
            tests(of: "Postgres", also: [lifecycle, logging]),
            tests(of: "Contracts", exclude: ["Golden", "check_schemas.py"]),
            tests(
                of: "ServiceKit",
                also: ["AMQP", "Contracts", "Messaging", "Postgres", hummingbird, lifecycle, logging, metrics]),
            tests(of: "Intake", also: ["Contracts", "Messaging", "Postgres", logging]),
            tests(of: "Notifications", also: ["Contracts", "Messaging", "Postgres", logging]),
            tests(of: "Messaging", also: ["AMQP", "Contracts", "Postgres", lifecycle, logging]),
            tests(of: "Triage", also: ["Contracts", "Messaging", "Postgres", "ServiceKit", yams]),
            tests(
                of: "CBATRouting",
                also: ["AMQP", "Contracts", "Messaging", "Postgres", "ServiceKit", hummingbird, lifecycle, logging]),
            tests(
                of: "OutreachResources",
                also: ["AMQP", "Contracts", "Messaging", "Postgres", "ServiceKit", lifecycle, logging]),
            .testTarget(name: "ArchitectureTests"),
            .testTarget(name: "ModelTests"),
            .testTarget(
                name: "EndToEndTests",
                dependencies: [
                    "AMQP", "Contracts", "Messaging", "Postgres", "TestSupport", "copps", "copps-intake",
                    "copps-triage",
                    "copps-cbat-routing", "copps-outreach-resources", "copps-notifications",
                ],
                exclude: ["foreign_cad.py"]),
            .testTarget(
                name: "FaultTests",
                dependencies: [
                    "AMQP", "Contracts", "Messaging", "Postgres", "TestSupport", "copps", "copps-intake",
                    "copps-triage", "copps-cbat-routing", "copps-outreach-resources", "copps-notifications", logging,
                ]),
            .testTarget(
                name: "FuzzTests",
                dependencies: ["AMQP", "Contracts", "Intake", "Messaging", "Postgres", "TestSupport"],
                exclude: ["Corpus"]),
        ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
