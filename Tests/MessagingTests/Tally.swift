import Contracts
import Foundation
import Messaging
import Postgres

/// Something to count under a key. What should become of it is its wish.
struct Counted: DomainEvent {
    static let type = EventType(.triage, "tally", "counted")
    static let classification = DataClassification.operational

    var key: UUID
    var wish = Wish.count

    var partitionKey: UUID { key }

    enum Wish: String, Codable {
        case count, refuse, spoil, wait, offendDatabase, setTimer, cancelTimer, setOtherTimer
    }
}

/// The count of a key after one more.
struct Tallied: DomainEvent {
    static let type = EventType(.triage, "tally", "made")
    static let classification = DataClassification.operational

    var key: UUID
    var total: Int

    var partitionKey: UUID { key }
}

/// Counts messages, so that one which is lost or handled twice shows.
struct Tally: EventHandler {
    /// Goes between the writing and the commit.
    var beforeCommit: @Sendable (Transaction) async throws -> Void = { _ in }

    static let migration = Migration(
        name: "0002_tally",
        sql: """
            create table tallies (key uuid primary key, total int not null);
            create table steps (message_id uuid not null, key uuid not null, total int not null check (total > 0));
            """)

    static func timerID(_ key: UUID) -> UUID { .v5("tally", key.uuidString) }
    static let timerDelay: TimeInterval = 60

    struct State: Sendable {
        var totals: [UUID: Int]
        var steps: [(message: UUID, key: UUID, total: Int)] = []
    }

    struct Input: HandlerInput {
        let key: UUID
        let wish: Counted.Wish

        init(key: UUID, wish: Counted.Wish = .count) {
            (self.key, self.wish) = (key, wish)
        }

        init(type: EventType, data: Data) throws {
            guard type == Counted.type else { throw Unreadable.type(type) }
            let event = try ContractJSON.decode(Counted.self, from: data)
            self.init(key: event.key, wish: event.wish)
        }

        init(timer kind: String, data: Data) throws {
            let event = try ContractJSON.decode(Counted.self, from: data)
            self.init(key: event.key, wish: event.wish)
        }
    }

    func load(_ batch: [Message<Input>], in transaction: Transaction) async throws -> State {
        let keys = Set(batch.map(\.body.key)).sorted { $0.uuidString < $1.uuidString }
        transaction.enqueue(
            "insert into tallies select k, 0 from unnest(\(keys)) as k order by k on conflict do nothing")
        let rows = try await transaction.query(
            "select key, total from tallies where key = any(\(keys)) order by key for update")
        return State(
            totals: Dictionary(
                try rows.map { try $0.decode(UUID.self, Int.self) }, uniquingKeysWith: { first, _ in first }))
    }

    func decide(_ message: Message<Input>, _ state: inout State) throws(Refusal) -> [Outgoing] {
        let key = message.body.key
        switch message.body.wish {
        case .refuse: throw .refused("unwanted", "It asked to be refused.")
        case .spoil:
            state.totals[key] = -1
            state.steps.append((message.id, key, -1))
            throw .refused("unwanted", "It changed its mind.")
        case .wait: throw .notYet("too-early", "It asked to wait.")
        case .cancelTimer: return [.cancelTimer(Self.timerID(key))]
        case .setTimer, .setOtherTimer:
            let other = message.body.wish == .setOtherTimer
            guard let data = try? ContractJSON.encode(Counted(key: key, wish: other ? .wait : .count)) else {
                return []
            }
            return [
                .timer(
                    DueTimer(
                        id: Self.timerID(key), kind: "count",
                        due: message.handledAt + (other ? 2 : 1) * Self.timerDelay, partitionKey: key, data: data))
            ]
        case .count, .offendDatabase:
            let total = state.totals[key, default: 0] + 1
            state.totals[key] = total
            state.steps.append((message.id, key, message.body.wish == .count ? total : -1))
            return [.event(Tallied(key: key, total: total))]
        }
    }

    func save(_ state: State, in transaction: Transaction) async throws {
        transaction.enqueue(
            """
            update tallies set total = s.total
            from unnest(\(Array(state.totals.keys)), \(Array(state.totals.values))) as s(key, total)
            where tallies.key = s.key
            """)
        transaction.enqueue(
            """
            insert into steps select * from unnest(
                \(state.steps.map(\.message)), \(state.steps.map(\.key)), \(state.steps.map(\.total)))
            """)
        try await beforeCommit(transaction)
    }
}
