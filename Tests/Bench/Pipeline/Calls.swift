import AMQP
import Contracts
import Foundation
import Postgres

/// Calls of three agencies, about a kilobyte each, a minute apart: what a region's CADs send in some weeks.
struct Calls {
    private let run: String
    private let latest: Date
    private static let agencies: [(id: AgencyID, city: String, codes: [String])] = [
        ("beaumont-pd", "Beaumont", ["415N", "5150"]), ("banning-pd", "Banning", ["NOISE", "5150"]),
        ("riverside-sheriff", "Cabazon", ["415E", "5150"]),
    ]
    private static let line = String(
        repeating: "Caller reports a disturbance in front of the house, two persons, no weapons seen. ", count: 3)

    /// Calls that were never sent before, and of the time before all that were: of the same time, each run would find
    /// more neighbours than the one before.
    init(run: String, on session: PostgresConnection) async throws {
        self.run = "\(run)-\(Int(Date().timeIntervalSince1970))"
        let oldest = try await session.query("select min(received_at) from intake.calls").first?.decode(Date?.self)
        latest = (oldest.flatMap(\.self) ?? Date(timeIntervalSince1970: 1_793_800_000)) - 604_800
    }

    func id(_ index: Int) -> CallID {
        CallID(agency: Self.agencies[index % Self.agencies.count].id, number: number(index))
    }

    private func number(_ index: Int) -> String { "\(run)-\(index)" }

    /// One in ten is a crisis.
    func publication(_ index: Int) throws -> Publication {
        let agency = Self.agencies[index % Self.agencies.count]
        let at = latest - 60 * Double(index)
        let call = CADCall(
            number: number(index), version: 1, status: .active, typeCode: agency.codes[index % 10 == 0 ? 1 : 0],
            priority: 3, receivedAt: at, updatedAt: at,
            location: CADLocation(
                address: "\(index % 5000) Example Ave", city: agency.city, latitude: 33.92 + Double(index % 100) / 1000,
                longitude: -116.97 + Double(index % 77) / 1000, placeType: .residence),
            narrative: [NarrativeLine(at: at, text: Self.line), NarrativeLine(at: at, text: Self.line)])
        return Publication(
            exchange: "cad", routingKey: "cad.\(agency.id).call.v1",
            body: try ContractJSON.encode(
                CADCallMessage(messageId: "m-\(number(index))", agency: agency.id, sentAt: at, call: call)),
            properties: MessageProperties(contentType: "application/json"))
    }

    /// Publishes all, confirmed.
    func publish(_ indices: Range<Int>, on connection: AMQPConnection) async throws {
        for start in stride(from: indices.lowerBound, to: indices.upperBound, by: 500) {
            let part = start..<min(start + 500, indices.upperBound)
            let tag = try await connection.send(try part.map(publication))
            let rejected = try await connection.confirmations(through: tag, within: .seconds(30))
            guard rejected.isEmpty else { throw Rejected(count: rejected.count) }
        }
    }

    struct Rejected: Error {
        let count: Int
    }
}
