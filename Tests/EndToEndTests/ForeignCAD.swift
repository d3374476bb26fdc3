import AMQP
import Contracts
import Foundation
import TestSupport
import Testing

/// What becomes of the messages of a dispatch system that nobody here wrote.
struct ForeignCAD {
    let copps: Installation

    func check() async throws {
        let now = ContractJSON.date(copps.environment["COPPS_CLOCK_START"] ?? "") ?? Date()
        let call = CADCall(
            number: "26-0001", version: 1, status: .active, typeCode: "5150", receivedAt: now,
            location: CADLocation(address: "100 Example Ave", city: "Beaumont", placeType: .residence),
            narrative: [NarrativeLine(at: now, text: "Hears voices, no weapon")],
            persons: [Person(role: "caller", name: "Pat Sample", phone: "951-555-0100")])
        let good = try ContractJSON.encode(
            CADCallMessage(messageId: "m-1", agency: "beaumont-pd", sentAt: now, call: call))
        let foreign = try ContractJSON.encode(
            CADCallMessage(messageId: "m-2", agency: "banning-pd", sentAt: now, call: call))
        let key = "cad.beaumont-pd.call.v1"
        let sent = [
            (key, good), (key, good), (key, Data("{".utf8)), (key, foreign),
            (key, Data(repeating: UInt8(ascii: "x"), count: 300 * 1024)), ("cad.banning-pd.call.v1", good),
        ]
        let answer = try await copps.publishWithPika(sent, as: "beaumont-pd", receipts: 4)

        #expect(answer.outcomes == ["confirmed", "confirmed", "confirmed", "confirmed", "confirmed", "refused 403"])
        #expect(answer.receipts.map(\.body.outcome) == [.accepted, .duplicate, .rejected, .rejected])
        #expect(answer.receipts[2].body.problems.map(\.code) == ["not-json"])
        #expect(answer.receipts[3].body.problems.map(\.pointer) == ["/agency"])
        #expect(answer.receipts.allSatisfy { $0.headers.specversion == "1.0" })

        let parked = try ContractJSON.decode(
            [Parked].self, from: Data(try await copps.copps("parked", "list", "--json").utf8))
        #expect(Set(parked.map(\.code)) == ["rejected", "too-large"])
        try await checkParked(parked)

        try await checkHTTP(call: CallID(agency: "beaumont-pd", number: "26-0001"))
        try await checkFeed()
        try await copps.copps("audit")
        try await copps.copps("topology", "verify")
        try await checkTopologyLock()
    }

    /// While one command changes the queues, another gives up.
    private func checkTopologyLock() async throws {
        func setting(_ name: String) -> String { copps.environment["COPPS_BROKER_\(name)"] ?? "" }
        let holder = try await AMQPConnection.open(
            AMQPConfiguration(
                brokers: [BrokerAddress(host: setting("HOST"), port: Int(setting("PORT")) ?? 5672)],
                virtualHost: setting("VHOST"), user: setting("ADMIN_USER"), password: setting("ADMIN_PASSWORD"),
                connectionName: "somebody else"))
        try await holder.declare(Queue("copps.topology.lock", durable: false, exclusive: true))
        for command in [["apply"], ["rescale", "--subscription", "triage.calls", "--partitions", "2"]] {
            try await copps.copps(["topology"] + command, expecting: 1)
        }
        await holder.close()
        try await copps.copps("topology", "apply")
    }

    /// No token, a wrong one, another agency's, something unknown, something too large: each a problem document.
    private func checkHTTP(call: CallID) async throws {
        struct Credentials: Decodable {
            let token: String
        }
        let made = try await copps.copps("cad", "add", "banning-pd", "--json")
        let other = try ContractJSON.decode(Credentials.self, from: Data(made.utf8)).token
        let base = copps.environment["COPPS_INTAKE_URL"] ?? ""
        let token = copps.environment["COPPS_OPERATOR_TOKEN"] ?? ""
        let path = "\(base)/v1/calls/\(call)"
        #expect(await copps.httpStatus(path) == 401)
        #expect(await copps.httpStatus(path, "-H", "Authorization: Bearer nonsense") == 401)
        #expect(await copps.httpStatus(path, "-H", "Authorization: Bearer \(other)") == 403)
        #expect(await copps.httpStatus(path, "-H", "Authorization: Bearer \(token)") == 200)
        #expect(await copps.httpStatus("\(base)/v1/nothing", "-H", "Authorization: Bearer \(token)") == 404)
        #expect(await copps.httpStatus("\(base)/livez") == 200)
        #expect(await copps.httpStatus("\(base)/metrics") == 200)
        let large = FileManager.default.temporaryDirectory.appending(path: "copps-\(UUID().uuidString)")
        try Data(repeating: UInt8(ascii: "x"), count: 300 * 1024).write(to: large)
        let status = await copps.httpStatus(
            "\(base)/v1/principals", "-H", "Authorization: Bearer \(token)", "--data-binary", "@\(large.path)")
        #expect(status == 413)
        try FileManager.default.removeItem(at: large)
    }

    /// The public log learns that there is a call, and neither where nor about whom; the agency's own partner sees it.
    private func checkFeed() async throws {
        let log = try await copps.feed("city-log", "--class", "public-log")
        #expect(log.contains("intake.call.received.v1"))
        #expect(!log.contains("Example Ave") && !log.contains("Pat Sample") && !log.contains("voices"))
        let police = try await copps.feed("records", "--class", "police", "--agency", "beaumont-pd")
        #expect(police.contains("Example Ave") && police.contains("triage.call.triaged.v1"))
        let neighbor = try await copps.feed("neighbor", "--class", "police", "--agency", "banning-pd")
        #expect(neighbor.contains("intake.call.received.v1") && !neighbor.contains("Pat Sample"))
        try await copps.copps("partner", "remove", "city-log")
    }

    /// By its id each is shown with its reason, and comes back unless it was too large to keep.
    private func checkParked(_ groups: [Parked]) async throws {
        for group in groups {
            let id = group.example.uuidString.lowercased()
            #expect(try await copps.copps("parked", "show", id).contains(group.code))
            try await copps.copps("parked", "replay", id, expecting: group.code == "too-large" ? 1 : 0)
        }
    }

    private struct Parked: Decodable {
        let code: String
        let example: UUID
    }
}

extension Installation {
    struct PikaAnswer: Decodable {
        let outcomes: [String]
        let receipts: [Delivered]

        struct Delivered: Decodable {
            let body: Receipt
            let headers: Headers

            struct Headers: Decodable {
                let specversion: String

                enum CodingKeys: String, CodingKey { case specversion = "ce-specversion" }
            }
        }
    }

    /// Publishes as the agency's CAD with pika and collects receipts.
    func publishWithPika(
        _ messages: [(key: String, body: Data)], as agency: String, receipts: Int
    ) async throws -> PikaAnswer {
        struct Credentials: Decodable {
            let user: String
            let password: String
        }
        struct Line: Encodable {
            let key: String
            let body: Data
        }
        let made = try await copps("cad", "add", agency, "--json")
        let credentials = try ContractJSON.decode(Credentials.self, from: Data(made.utf8))
        let lines = try messages.map { try ContractJSON.encode(Line(key: $0.key, body: $0.body)) }
        let input = FileManager.default.temporaryDirectory.appending(path: "copps-\(UUID().uuidString)")
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let script = Self.repository.appending(path: "Tests/EndToEndTests/foreign_cad.py")
        let text = try await Self.run(
            URL(filePath: "/bin/sh"),
            [
                "-c", "exec python3 \"$0\" \"$@\" < '\(input.path)'", script.path,
                environment["COPPS_BROKER_HOST"] ?? "", environment["COPPS_BROKER_PORT"] ?? "",
                environment["COPPS_BROKER_VHOST"] ?? "", credentials.user, credentials.password, agency,
                String(receipts),
            ], ProcessInfo.processInfo.environment)
        return try ContractJSON.decode(PikaAnswer.self, from: Data(text.utf8))
    }

    /// Admits a partner and returns its whole feed, as text.
    func feed(_ partner: String, _ options: String...) async throws -> String {
        struct Admission: Decodable {
            let token: String
        }
        let arguments = ["partner", "add", partner] + options + ["--json"]
        let made = try await Self.run(Self.products.appending(path: "copps"), arguments, environment)
        let token = try ContractJSON.decode(Admission.self, from: Data(made.utf8)).token
        return String(
            decoding: try await get(.notifications, "/v1/feed?after=0&limit=500", token: token), as: UTF8.self)
    }
}
