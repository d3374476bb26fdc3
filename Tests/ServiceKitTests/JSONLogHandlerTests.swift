import Foundation
import Logging
import ServiceKit
import Synchronization
import Testing

@Suite("JSON log")
struct JSONLogHandlerTests {
    private struct Line: Decodable {
        let time: String
        let level: String
        let message: String
        let service: String
        let metadata: [String: String]?
    }

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func line(_ log: (inout Logger) -> Void) throws -> (text: String, fields: Line) {
        let lines = Lines()
        var logger = Logger(label: "test") { label in
            JSONLogHandler(service: "triage", label: label, level: .info) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
        log(&logger)
        let text = try #require(lines.all.withLock { $0.first })
        return (text, try JSONDecoder().decode(Line.self, from: Data(text.utf8)))
    }

    @Test("an event is one line of JSON with time, level, message, service and metadata")
    func fields() throws {
        let (_, line) = try line { $0.notice("call triaged", metadata: ["call": "7", "rules": "a,b"]) }
        #expect(line.level == "notice")
        #expect(line.message == "call triaged")
        #expect(line.service == "triage")
        #expect(line.metadata == ["call": "7", "rules": "a,b"])
        #expect(line.time.hasSuffix("Z"))
    }

    @Test("quotes, line feeds and control characters cannot break the line")
    func escaping() throws {
        let nasty = "a \"quote\", a \\, a\nbreak, \u{1B}[31m and \u{2028}"
        let (text, line) = try line { $0.info("x", metadata: ["value": "\(nasty)"]) }
        #expect(line.metadata?["value"] == nasty)
        #expect(text.filter(\.isNewline) == "\n")
        #expect(text.hasSuffix("}\n"))
    }

    @Test("an event's metadata goes before the logger's")
    func precedence() throws {
        let (_, line) = try line { logger in
            logger[metadataKey: "queue"] = "outer"
            logger[metadataKey: "kept"] = "yes"
            logger.info("x", metadata: ["queue": "inner"])
        }
        #expect(line.metadata == ["queue": "inner", "kept": "yes"])
    }
}
