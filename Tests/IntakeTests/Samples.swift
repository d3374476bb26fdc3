import Contracts
import Foundation
import Messaging
@testable import Intake

/// Values that a test needs one of, and the files that are shipped.
enum Sample {
    /// 2026-11-02T16:15:00Z
    static let now = Date(timeIntervalSince1970: 1_793_636_100)

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func configuration(_ name: String) throws -> String {
        try String(contentsOf: root.appending(path: "deploy/config/\(name)"), encoding: .utf8)
    }

    static func golden(_ name: String) throws -> Data {
        try Data(contentsOf: root.appending(path: "Tests/ContractsTests/Golden/\(name).json"))
    }

    static func gazetteer() throws -> Gazetteer {
        try Gazetteer(yaml: try configuration("communities.yaml"), file: "communities.yaml")
    }

    static func handler() throws -> ReceiveCADMessages {
        var tables: [AgencyID: CallTypeTable] = [:]
        for agency in ["beaumont-pd", "banning-pd", "riverside-sheriff"] as [AgencyID] {
            let file = "call-types/\(agency).csv"
            tables[agency] = try CallTypeTable(csv: try configuration(file), file: file)
        }
        return ReceiveCADMessages(callTypes: tables, gazetteer: try gazetteer())
    }

    static func call(
        _ number: String = "B-1", version: Int = 1, status: CallStatus = .active, typeCode: String = "5150",
        receivedAt: Date = now, address: String? = "100 Example Ave", city: String? = "Beaumont",
        latitude: Double? = nil, longitude: Double? = nil
    ) -> CADCall {
        CADCall(
            number: number, version: version, status: status, typeCode: typeCode, receivedAt: receivedAt,
            location: CADLocation(address: address, city: city, latitude: latitude, longitude: longitude))
    }

    static func message(
        _ call: CADCall, id: String, by agency: AgencyID = "beaumont-pd"
    ) throws -> Message<CADMessage> {
        let sent = CADCallMessage(messageId: id, agency: agency, sentAt: now, call: call)
        return try message(try ContractJSON.encode(sent), key: "cad.\(agency).call.v1")
    }

    static func message(
        _ status: CADUnitStatus, id: String, by agency: AgencyID = "beaumont-pd"
    ) throws -> Message<CADMessage> {
        let sent = CADUnitStatusMessage(messageId: id, agency: agency, sentAt: now, unitStatus: status)
        return try message(try ContractJSON.encode(sent), key: "cad.\(agency).unit-status.v1")
    }

    static func message(_ data: Data, key: String = "cad.beaumont-pd.call.v1") throws -> Message<CADMessage> {
        let envelope = Envelope(id: .v5("test", data.sha256), type: key, data: data)
        return Message(
            id: envelope.id, body: try CADMessage(envelope), handledAt: now, correlation: nil, trace: envelope.trace)
    }
}

extension CADMessage {
    var problems: [Receipt.Problem] {
        if case .rejected(let problems) = content { problems } else { [] }
    }

    var cadCall: CADCall? {
        if case .call(let call) = content { call } else { nil }
    }

    /// Each problem as `/pointer code`.
    var faults: [String] { problems.map { "\($0.pointer) \($0.code)" } }
}
