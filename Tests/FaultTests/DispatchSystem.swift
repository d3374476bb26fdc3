import AMQP
import Contracts
import Foundation
import TestSupport

/// One agency's CAD that publishes calls at a steady pace, each once and some time later a second version of it, and
/// notes which calls the broker confirmed. It never sends a version again, so what it was promised must have been kept.
struct DispatchSystem: Sendable {
    let agency: AgencyID
    let broker: AMQPConfiguration
    /// How long it waits between two calls.
    let pace: Duration

    /// A noisy party, and somebody in a crisis.
    private static let codes: [AgencyID: (common: String, crisis: String)] = [
        "beaumont-pd": ("415N", "5150"), "banning-pd": ("NOISE", "5150"), "riverside-sheriff": ("415E", "5150"),
    ]
    /// How many calls later the second version of a call follows.
    private static let delay = 4
    private static let cities = ["Beaumont", "Banning", "Cabazon"]

    /// Publishes until told to stop. A connection that is lost is opened again; the call that was under way is not sent
    /// a second time.
    func run(round: String, seed: UInt64, ledger: Ledger, until isOver: () -> Bool) async {
        var random = SeededRandom(seed: seed, for: "\(agency) \(round)")
        var connection: AMQPConnection?
        var number = 0
        while !isOver() {
            do {
                let open: AMQPConnection
                if let connection {
                    open = connection
                } else {
                    open = try await AMQPConnection.open(broker)
                    connection = open
                    try await open.enableConfirms()
                }
                number += 1
                try await publish("\(round)-\(number)", on: open, ledger, &random)
                if number > Self.delay {
                    try await update("\(round)-\(number - Self.delay)", on: open, ledger, &random)
                }
            } catch {
                await connection?.close()
                connection = nil
            }
            try? await Task.sleep(for: pace)
        }
        await connection?.close()
    }

    private func publish(
        _ number: String, on connection: AMQPConnection, _ ledger: Ledger, _ random: inout SeededRandom
    ) async throws {
        let call = CallID(agency: agency, number: number)
        let message = try message(number, &random)
        ledger.attempt(call)
        let tag: UInt64
        do {
            tag = try await connection.send([message])
        } catch let error as AMQPError where error.code == .blocked {
            return ledger.withdraw(call)
        }
        // The broker may be blocked for long, and confirms when it is not.
        guard try await connection.confirmations(through: tag, within: .seconds(30)).isEmpty else { throw Refused() }
        ledger.acknowledge(call, of: agency)
    }

    /// Another channel may be allowed what this one was refused: it may look for a queue's leader at a dead node.
    private struct Refused: Error {}

    private func update(
        _ number: String, on connection: AMQPConnection, _ ledger: Ledger, _ random: inout SeededRandom
    ) async throws {
        let call = CallID(agency: agency, number: number)
        guard ledger.calls.attempted.contains(call.uuid) else { return }
        let message = try message(number, version: 2, &random)
        ledger.update(call)
        do {
            let tag = try await connection.send([message])
            _ = try await connection.confirmations(through: tag, within: .seconds(30))
        } catch let error as AMQPError where error.code == .blocked {}
    }

    private func message(
        _ number: String, version: Int = 1, _ random: inout SeededRandom
    ) throws -> Publication {
        let codes = Self.codes[agency] ?? ("OTHER", "OTHER")
        // Two days of calls at once: no service may need them to be of this minute.
        let at = Date(timeIntervalSince1970: 1_793_800_000 - Double(random.number(0...172_800)))
        let call = CADCall(
            number: number, version: version, status: .active,
            typeCode: random.number(1...5) == 1 ? codes.crisis : codes.common, receivedAt: at,
            location: CADLocation(
                address: "\(number) Example Ave", city: Self.cities[random.number(0...2)], placeType: .residence),
            narrative: [NarrativeLine(at: at, text: "Invented for the fault suite")])
        return Publication(
            exchange: "cad", routingKey: "cad.\(agency).call.v1",
            body: try ContractJSON.encode(
                CADCallMessage(messageId: "m-\(number)-\(version)", agency: agency, sentAt: at, call: call)),
            properties: MessageProperties(contentType: "application/json"))
    }
}
