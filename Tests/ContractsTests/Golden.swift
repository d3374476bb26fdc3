import Contracts
import Foundation
import Testing

typealias Contract = Codable & Equatable & Sendable

/// One published message body, kept for ever: whatever was valid once must be understood by every later version.
///
/// `Golden/<name>.json`, or `Golden/<name>+<what>.json` for another example of the same message.
struct Golden: Sendable, CustomTestStringConvertible {
    let file: String
    let text: String

    static let all: [Golden] = files(in: golden, ending: ".json").compactMap { name in
        let url = golden.appending(path: name + ".json")
        return (try? String(contentsOf: url, encoding: .utf8)).map { Golden(file: name, text: $0) }
    }

    /// Every message there is, by name.
    static let contracts: [String: any Contract.Type] = {
        var contracts: [String: any Contract.Type] = [
            "cad.call.v1": CADCallMessage.self, "cad.unit-status.v1": CADUnitStatusMessage.self,
            "receipt.v1": Receipt.self,
        ]
        for event in Catalog.events { contracts[event.type.description] = event }
        return contracts
    }()

    /// The message's name.
    var name: String { String(file.prefix { $0 != "+" }) }
    var contract: any Contract.Type {
        get throws { try #require(Self.contracts[name], "no message is called \(name)") }
    }
    var tree: JSON { get throws { try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) } }
    var testDescription: String { file }

    /// The file is indented for people; a message has no white space outside its strings.
    var bytes: Data {
        var isInString = false
        var isEscaped = false
        return Data(
            text.utf8.filter { byte in
                if isInString {
                    if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                    isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                    return true
                }
                isInString = byte == UInt8(ascii: "\"")
                return ![0x20, 0x0A].contains(byte)
            })
    }
}

extension Golden {
    static let schemas = sources.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Shared/Contracts/Schemas")
    static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    private static let golden = sources.appending(path: "Golden")

    static func files(in directory: URL, ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }
}
