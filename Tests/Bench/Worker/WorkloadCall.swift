import ArgumentParser
import Contracts
import Foundation

/// A call with the eight fields that the workload requires.
struct WorkloadCall: Sendable {
    let id: String
    let agency: String
    let incidentType: String
    let priority: Int16
    let address: String
    let latitude: Double
    let longitude: Double
    let receivedAt: Date
    let receivedAtText: String
    /// The whole of it, as it came.
    let json: Data

    enum Decoder: String, ExpressibleByArgument {
        /// ``PlainJSON``, and Foundation's for what is not plain.
        case scanner
        case foundation
    }

    @TaskLocal static var decoder = Decoder.scanner

    init?(json: Data) {
        let plain = Self.decoder == .scanner ? Fields(plain: json) : nil
        guard let fields = plain ?? (try? JSONDecoder().decode(Fields.self, from: json)),
            let receivedAt = ContractJSON.date(fields.received_at), (1...9).contains(fields.priority)
        else { return nil }
        (id, agency, incidentType, priority) = (fields.id, fields.agency, fields.incident_type, fields.priority)
        (address, latitude, longitude) = (fields.address, fields.lat, fields.lon)
        self.receivedAt = receivedAt
        receivedAtText = fields.received_at
        self.json = json
    }
}

/// The fields as they are named on the wire.
private struct Fields: Decodable {
    var id, agency, incident_type, address, received_at: String
    var priority: Int16
    var lat, lon: Double
}

extension Fields {
    /// Nil when a field is missing or of another type, or when the text is not one that ``PlainJSON`` reads.
    init?(plain json: Data) {
        var texts: (id: String?, agency: String?, type: String?, address: String?, receivedAt: String?)
        var numbers: (priority: Int16?, latitude: Double?, longitude: Double?)
        let isPlain = json.withUnsafeBytes { bytes in
            PlainJSON.read(bytes) { name, value in
                switch value {
                case .string(let text):
                    switch String(decoding: name, as: UTF8.self) {
                    case "id": texts.id = String(decoding: text, as: UTF8.self)
                    case "agency": texts.agency = String(decoding: text, as: UTF8.self)
                    case "incident_type": texts.type = String(decoding: text, as: UTF8.self)
                    case "address": texts.address = String(decoding: text, as: UTF8.self)
                    case "received_at": texts.receivedAt = String(decoding: text, as: UTF8.self)
                    default: break
                    }
                case .other(let text):
                    switch String(decoding: name, as: UTF8.self) {
                    case "priority": numbers.priority = Int16(String(decoding: text, as: UTF8.self))
                    case "lat": numbers.latitude = Double(String(decoding: text, as: UTF8.self))
                    case "lon": numbers.longitude = Double(String(decoding: text, as: UTF8.self))
                    default: break
                    }
                }
            }
        }
        guard isPlain, let id = texts.id, let agency = texts.agency, let type = texts.type,
            let address = texts.address, let receivedAt = texts.receivedAt, let priority = numbers.priority,
            let latitude = numbers.latitude, let longitude = numbers.longitude
        else { return nil }
        self.init(
            id: id, agency: agency, incident_type: type, address: address, received_at: receivedAt, priority: priority,
            lat: latitude, lon: longitude)
    }
}
