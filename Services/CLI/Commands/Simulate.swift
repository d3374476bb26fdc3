import NIOHTTP1
import ArgumentParser
import Contracts
import Foundation
import ServiceKit

/// `copps simulate`: a sample day of Pass Area calls, made up and the same for the same seed.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a sample day: three dispatch systems, their pairs in the field, and some mischief.",
        discussion: """
            Needs a running installation. Publishes with each agency's own broker user and answers offers only from \
            what the agency's feed shows. Exits 1 when a call or a message is not accounted for.
            """)

    @Option(help: "The same seed gives the same day.") var seed: UInt64 = 20_261_104
    @Option(help: "full: a day with 160 calls; short: three hours with 24.") var day = SampleDay.Length.full
    @ArgumentParser.Flag(help: "Show no progress.") var quiet = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var settings = Settings()
        let clock = DomainClock(&settings)
        try settings.check()
        let sample = SampleDay(seed: seed, length: day, start: clock.now() + 60)
        var dispatchers: [Dispatcher] = []
        var feeds: [AgencyID: FeedWatcher] = [:]
        for agency in Beat.all.map(\.agency) {
            let credentials = try await CAD.Add.credentials(for: agency.rawValue, password: nil)
            dispatchers.append(
                try await Dispatcher(agency: agency, user: credentials.user, password: credentials.password))
            feeds[agency] = try await Self.feed(of: agency)
        }
        var player = Player(
            day: sample, seed: seed, clock: clock, dispatchers: dispatchers, feeds: feeds, stage: Stage(isQuiet: quiet))
        let ledger = try await player.play()
        for dispatcher in dispatchers { await dispatcher.close() }
        let summary = DaySummary(ledger)
        if output.isJSON { try Output.json(summary) } else { print(summary.text) }
        if !summary.addsUp { throw ExitCode(1) }
    }

    /// The agency as a partner of the police class, reading from now on.
    private static func feed(of agency: AgencyID) async throws -> FeedWatcher {
        struct Wanted: Encodable, Sendable {
            let id: String
            let name: String
            let `class` = "police"
            let agency: String
        }
        struct Admission: Decodable {
            let token: String
        }
        let notifications = try APIClient(.notifications)
        let id = "simulated-\(agency)"
        do {
            try await notifications.send(.DELETE, "/v1/partners/\(id)")
        } catch let failure as HTTPFailure where failure.status == 404 {}
        let answer = try await notifications.send(
            .POST, "/v1/partners", body: Wanted(id: id, name: "Simulated \(agency)", agency: agency.rawValue))
        let token = try ContractJSON.decode(Admission.self, from: answer).token
        var watcher = FeedWatcher(client: APIClient(base: notifications.base, token: token), from: 0)
        while case let before = watcher.position, try await !watcher.next().isEmpty || watcher.position > before {}
        return watcher
    }
}

extension SampleDay.Length: ExpressibleByArgument {}
