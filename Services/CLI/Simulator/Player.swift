import Contracts
import Foundation
import ServiceKit

/// Plays a sample day against a running installation: three CADs publish, their pairs answer what their agency's feed
/// shows, and everything that comes back is accounted for.
struct Player {
    let day: SampleDay
    let seed: UInt64
    let clock: DomainClock
    let dispatchers: [Dispatcher]
    var feeds: [AgencyID: FeedWatcher]
    var stage: Stage

    private var ledger: DayLedger
    private var pending: [SampleMessage]
    private var sent = 0
    /// Offers seen, by assignment, so that each is answered once.
    private var answered: Set<AssignmentID> = []

    init(
        day: SampleDay, seed: UInt64, clock: DomainClock, dispatchers: [Dispatcher],
        feeds: [AgencyID: FeedWatcher], stage: Stage
    ) {
        self.day = day
        self.seed = seed
        self.clock = clock
        self.dispatchers = dispatchers
        self.feeds = feeds
        self.stage = stage
        ledger = DayLedger(day)
        pending = day.messages
    }

    /// How long, in real time, the last calls may take to come to their end once everything was sent.
    private static let patience = Duration.seconds(90)

    mutating func play() async throws -> DayLedger {
        var lastNews = ContinuousClock.now
        while true {
            let now = clock.now()
            let news = try await step(at: now)
            if news { lastNews = .now }
            stage.show(now: now, day: day, sent: sent, receipts: ledger.receiptCount, open: ledger.open.count)
            let isOver = pending.isEmpty && now >= day.end && ledger.open.isEmpty && ledger.receiptCount >= sent
            if isOver || (pending.isEmpty && now >= day.end && ContinuousClock.now - lastNews > Self.patience) { break }
            let next = min(pending.first?.at ?? .distantFuture, now + 120)
            try await Task.sleep(for: min(clock.wait(until: next), .milliseconds(150)))
        }
        stage.end()
        return ledger
    }

    /// Sends what is due, reads what came. True when anything did.
    private mutating func step(at now: Date) async throws -> Bool {
        let due = pending.prefix { $0.at <= now }
        pending.removeFirst(due.count)
        sent += due.count
        var news = !due.isEmpty
        for dispatcher in dispatchers {
            try await dispatcher.publish(due.filter { $0.agency == dispatcher.agency })
            for receipt in try await dispatcher.receipts(within: .milliseconds(1)) {
                ledger.record(receipt)
                news = true
            }
        }
        for agency in feeds.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            for item in try await feeds[agency]?.next() ?? [] {
                news = true
                try react(to: item, of: agency, at: now)
            }
        }
        return news
    }

    private mutating func react(to item: FeedWatcher.Item, of agency: AgencyID, at now: Date) throws {
        if let line = ledger.record(item, in: agency) { stage.tell(line, at: now) }
        guard item.type == AssignmentOffered.type.description else { return }
        let offer = try ContractJSON.decode(FieldUnits.Offer.self, from: item.data)
        guard offer.assignment.unitAgency == agency, answered.insert(offer.assignment.id).inserted else { return }
        let units = FieldUnits(agency: agency, seed: seed)
        let steps = units.steps(for: offer, at: now)
        var messages = steps.map { units.message($0, for: offer) }
        if let clear = steps.last, clear.status == .cleared,
            let call = day.calls.first(where: { $0.id == offer.assignment.call })
        {
            messages.append(contentsOf: call.closing(at: clear.at + 60))
        }
        pending.append(contentsOf: messages)
        pending.sort { $0.at < $1.at }
    }
}
