/// Writes the Prometheus text exposition format, version 0.0.4.
struct PrometheusText: Sendable {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func header(_ name: String, _ kind: String, help: String?) {
        if let help { text += "# HELP \(name) \(Self.escaped(help))\n" }
        text += "# TYPE \(name) \(kind)\n"
    }

    mutating func sample(_ name: String, _ labels: [MetricLabel], _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(Self.number(value))\n"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// Backslash and line feed are escaped everywhere, the quotation mark in label values only.
    static func escaped(_ text: String, quotes: Bool = false) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// Letters, digits and underscores, in metric names colons too; never a digit first.
    static func name(_ text: String, isLabel: Bool = false) -> String {
        let allowed = text.map { character in
            let isFit = character.isASCII && (character.isLetter || character.isNumber)
            return isFit || (character == ":" && !isLabel) ? character : "_"
        }
        let name = String(allowed)
        return name.first.map(\.isNumber) ?? true ? "_\(name)" : name
    }
}
