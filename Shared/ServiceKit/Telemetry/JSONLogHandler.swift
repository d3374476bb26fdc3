import Contracts
import Foundation
package import Logging

/// One line of JSON an event: time, level, message, service, and the metadata as strings.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let service: String
    private let label: String
    private let write: @Sendable (String) -> Void

    package init(
        service: String, label: String, level: Logger.Level,
        write: @escaping @Sendable (String) -> Void = StandardError.write
    ) {
        self.service = service
        self.label = label
        self.write = write
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadataProvider?.get() ?? [:]
        merged.merge(metadata) { $1 }
        merged.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { merged["error"] = "\(error)" }
        var fields: [(String, String)] = [
            ("time", Self.quoted(ContractJSON.timestamp(Date()))),
            ("level", Self.quoted(event.level.rawValue)),
            ("message", Self.quoted(event.message.description)),
            ("service", Self.quoted(service)),
            ("logger", Self.quoted(label)),
        ]
        if !merged.isEmpty { fields.append(("metadata", Self.json(.dictionary(merged)))) }
        write(Self.object(fields) + "\n")
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value): quoted(value.description)
        case .array(let values): "[\(values.map(json).joined(separator: ","))]"
        case .dictionary(let values): object(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
        }
    }

    private static func object(_ fields: [(String, String)]) -> String {
        "{\(fields.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ","))}"
    }

    /// A JSON string. Control characters, line feeds among them, are escaped: an event stays one line.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\u{0}"..<" ", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
