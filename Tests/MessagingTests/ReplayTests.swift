import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@Suite("Saying it again")
struct ReplayTests {
    @Test("an event is published again as it was, under its own id; what is no event of ours is passed over")
    func again() async throws {
        try await Desk.withBroker { desk, broker in
            let connection = try await AMQPConnection.open(broker.configuration)
            try await connection.declare(Queue("listener"))
            try await connection.bind(Binding(queue: "listener", to: "events", routingKey: "triage.tally.made.#"))
            await connection.close()
            let keys = [UUID(), UUID(), UUID()]
            try await desk.processor().process(try keys.map { try Samples.envelope(Counted(key: $0)) }, from: .inbox)
            try await desk.running([desk.flow.relay]) {
                let first = try await broker.configuration.take(from: "listener") { $0.count == 3 }
                try await desk.eventually("all is said") { try await desk.count("select count(*) from outbox") == 0 }
                let ids = first.compactMap { $0.properties.messageID.flatMap { UUID(uuidString: $0) } }

                let ledger = EventLedger(desk.database)
                let wanted = Array(ids.dropFirst())
                #expect(try await ledger.publishAgain(wanted + [.v7(), UUID()]) == 2)
                let again = try await broker.configuration.take(from: "listener") { $0.count == 2 }
                #expect(Set(again.map(\.properties.messageID)) == Set(first.dropFirst().map(\.properties.messageID)))
                #expect(Set(again.map(\.content)) == Set(first.dropFirst().map(\.content)))
                #expect(try await ledger.publishAgain([]) == 0)
            }
        }
    }
}
