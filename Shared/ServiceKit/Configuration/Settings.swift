import Configuration
import Foundation

/// Reads settings from environment variables and remembers every one that is missing or malformed.
///
/// Any variable `X` may be given as `X_FILE` instead: the path of a file that holds the value, as container secrets
/// are mounted. A reading that fails returns a placeholder, so that all settings are read before ``check()`` throws.
package struct Settings: Sendable {
    private let reader: ConfigReader
    package private(set) var problems: [String] = []

    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
    }

    /// Throws if anything read so far was missing or malformed.
    package func check() throws(ConfigurationError) {
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// `meaning` tells the operator what to write, for example `host name of PostgreSQL`.
    package mutating func text(_ name: String, _ meaning: String, default fallback: String? = nil) -> String {
        value(name, meaning, default: fallback) { $0 } ?? ""
    }

    package mutating func secret(_ name: String, _ meaning: String) -> String {
        value(name, meaning, isSecret: true) { $0 } ?? ""
    }

    package mutating func port(_ name: String, _ meaning: String, default fallback: Int? = nil) -> Int {
        value(name, "\(meaning), 0 to 65535", default: fallback) { text in
            Int(text).flatMap { (0...65535).contains($0) ? $0 : nil }
        } ?? 0
    }

    /// Nil when the setting is absent, which is allowed, and also when it is malformed, which is a problem.
    package mutating func optional<Value>(_ name: String, _ meaning: String, parse: (String) -> Value?) -> Value? {
        lookup(name, isSecret: false).flatMap { parsed(name, meaning, $0, isSecret: false, parse) }
    }

    /// Nil only when a problem was recorded.
    package mutating func value<Value>(
        _ name: String, _ meaning: String, default fallback: Value? = nil, isSecret: Bool = false,
        parse: (String) -> Value?
    ) -> Value? {
        let problemsBefore = problems.count
        if let text = lookup(name, isSecret: isSecret) { return parsed(name, meaning, text, isSecret: isSecret, parse) }
        guard problems.count == problemsBefore else { return nil }
        if fallback == nil {
            record("\(name) is not set: \(meaning). Set it, or set \(name)_FILE to the path of a file that holds it.")
        }
        return fallback
    }

    package mutating func record(_ problem: String) {
        problems.append(problem)
    }

    private mutating func parsed<Value>(
        _ name: String, _ meaning: String, _ text: String, isSecret: Bool, _ parse: (String) -> Value?
    ) -> Value? {
        guard let value = parse(text) else {
            record("\(name) is malformed\(isSecret ? "" : " (“\(text)”)"): \(meaning).")
            return nil
        }
        return value
    }

    /// An empty variable counts as absent: compose files pass unset variables on that way.
    private mutating func lookup(_ name: String, isSecret: Bool) -> String? {
        let direct = reader.string(forKey: ConfigKey([name]), isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
        let file = reader.string(forKey: ConfigKey(["\(name)_FILE"])).flatMap { $0.isEmpty ? nil : $0 }
        switch (direct, file) {
        case (_?, _?):
            record("\(name) and \(name)_FILE are both set: set one of them.")
            return nil
        case (nil, let path?):
            guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
                record("\(name)_FILE names a file that cannot be read: \(path).")
                return nil
            }
            let value = content.trimmingCharacters(in: .whitespacesAndNewlines)
            if value.isEmpty { record("\(name)_FILE names an empty file: \(path).") }
            return value.isEmpty ? nil : value
        case (let value, nil):
            return value
        }
    }
}
