import AMQP
import Contracts
import Foundation
import Postgres

/// One call, and all that it has to lead to, each once.
struct CrashCall: Sendable {
    enum Kind {
        /// Is received and triaged, and that is all.
        case quiet
        /// Goes to every pair of ``CrashStage/roster``, each of which lets its offer expire, and then to somebody else.
        case crisis
    }

    let kind: Kind
    private let number = "crash-\(UUID())"
    private static let agency: AgencyID = "beaumont-pd"

    private var id: UUID { CallID(agency: Self.agency, number: number).uuid }

    var publication: Publication {
        get throws {
            let at = Date(timeIntervalSince1970: 1_793_800_000)
            let call = CADCall(
                number: number, version: 1, status: .active, typeCode: kind == .crisis ? "5150" : "415N",
                receivedAt: at,
                location: CADLocation(address: "\(number) Example Ave", city: "Beaumont", placeType: .residence))
            return Publication(
                exchange: "cad", routingKey: "cad.\(Self.agency).call.v1",
                body: try ContractJSON.encode(
                    CADCallMessage(messageId: "m-\(number)", agency: Self.agency, sentAt: at, call: call)),
                properties: MessageProperties(contentType: "application/json"))
        }
    }

    private var expected: [String: Int] {
        let events: [(EventType, Int)] =
            switch kind {
            case .quiet: [(CallReceived.type, 1), (CallTriaged.type, 1)]
            case .crisis:
                [
                    (CallReceived.type, 1), (CallTriaged.type, 1), (AssignmentOffered.type, 3),
                    (AssignmentExpired.type, 3), (CallHandedOff.type, 1), (EpisodeOpened.type, 1),
                    (FollowUpOpened.type, 1),
                ]
            }
        return Dictionary(uniqueKeysWithValues: events.map { ($0.description, $1) })
    }

    /// What is missing or too much of it, in the services' ledgers, in the partners' feed and among the receipts;
    /// empty when all is as it should be. A CAD message that comes again is answered again, as a duplicate.
    func differences(_ scene: Scene) async throws -> [String] {
        let ledgers = scene.publishers.map {
            "select 'ledger', type from \($0).events where correlation_id = '\(id)' and exchange = 'events'"
        }
        let rows = try await scene.ask(
            """
            select place, type, count(*) from (
                select 'feed' as place, type from notifications.feed where correlation_id = \(id)
                union all \(unescaped: ledgers.joined(separator: " union all "))
                union all select 'receipts', outcome from intake.receipts 
                    where message_id = \("m-" + number) and outcome <> 'duplicate'
            ) as found group by 1, 2
            """)
        var found: [String: [String: Int]] = [:]
        for row in rows {
            let (place, type, count) = try row.decode(String.self, String.self, Int.self)
            found[place, default: [:]][type] = count
        }
        let wanted = ["feed": expected, "ledger": expected, "receipts": ["accepted": 1]]
        return wanted.flatMap { place, wanted in
            let found = found[place] ?? [:]
            return Set(wanted.keys).union(found.keys).sorted().compactMap { type in
                let (count, due) = (found[type] ?? 0, wanted[type] ?? 0)
                return count == due ? nil : "\(count) of \(due) \(type) in the \(place)"
            }
        }
    }
}
