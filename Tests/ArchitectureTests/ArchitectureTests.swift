import Foundation
import Testing

/// Rules that the compiler does not hold, read off the sources.
@Suite("The architecture")
struct ArchitectureTests {
    static let services = ["Intake", "Triage", "CBATRouting", "OutreachResources", "Notifications"]

    @Test("C clients are imported by their own module only")
    func clients() throws {
        let sources = try SourceFile.all
        #expect(Set(sources.filter { $0.imports.contains("CRabbitMQ") }.map(\.module)) == ["Shared/AMQP"])
        #expect(Set(sources.filter { $0.imports.contains("CPostgres") }.map(\.module)) == ["Shared/Postgres"])
    }

    @Test("no service imports another, and shared modules import no service", arguments: services)
    func isolation(name: String) throws {
        let importers = try SourceFile.all.filter { $0.imports.contains(name) }
            .filter { !["Services/CLI", "Services/\(name)"].contains($0.module) }
        #expect(importers.map(\.path) == [])
    }

    @Test("contracts import nothing of ours")
    func contracts() throws {
        for source in try SourceFile.all where source.module == "Shared/Contracts" {
            #expect(source.imports.isSubset(of: ["Foundation", "Crypto"]), "\(source.path)")
        }
    }

    @Test("a service's domain knows no broker, database, HTTP or metrics")
    func domain() throws {
        let allowed: Set = ["Contracts", "Crypto", "Foundation", "Messaging", "SwiftCSV", "Yams"]
        for source in try SourceFile.all where source.path.contains("/Domain/") {
            #expect(source.imports.isSubset(of: allowed), "\(source.path)")
        }
    }

    @Test("what decides has no clock and no chance of its own, so that it can be replayed")
    func decisions() throws {
        for source in try SourceFile.all
        where source.path.hasPrefix("Services/") && !source.path.hasPrefix("Services/CLI/")
            && ["/Domain/", "/Handlers/"].contains(where: source.path.contains)
        {
            for word in ["Date()", "Date.now", "UUID()", ".random(", "SystemRandomNumberGenerator"] {
                #expect(!source.text.contains(word), "\(source.path) has \(word)")
            }
        }
    }

    private static var statement: Regex<(Substring, Substring)> { #/"(insert into|update|delete from|select) /# }

    @Test("SQL stands in storage and in read-only routes, never in domain or handlers")
    func sql() throws {
        for source in try SourceFile.all
        where ["/Domain/", "/Handlers/"].contains(where: source.path.contains) {
            #expect(source.text.firstMatch(of: Self.statement) == nil, "\(source.path)")
        }
    }

    @Test("no file is longer than a person reads at once")
    func sizes() throws {
        let sources = try SourceFile.all
        #expect(sources.count > 200)
        #expect(sources.filter { $0.lineCount > 250 }.map(\.path) == [])
    }

    @Test("only the schema's own migrations are embedded, numbered without gaps", arguments: services)
    func migrations(service: String) throws {
        let folder = SourceFile.root.appending(path: "Services/\(service)/Migrations")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        for (index, name) in names.enumerated() {
            let number = String(index + 2)
            #expect(name.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "_"), "\(name)")
        }
        let manifest = try String(contentsOf: SourceFile.root.appending(path: "Package.swift"), encoding: .utf8)
        for name in names { #expect(manifest.contains("\"\(name.dropLast(4))\""), "\(name)") }
    }
}

/// A Swift file of the product.
struct SourceFile {
    let path: String
    let text: String

    var module: String { path.split(separator: "/").prefix(2).joined(separator: "/") }
    var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }

    var imports: Set<String> {
        Set(text.matches(of: /(?m)^(?:package |public |@testable )?import (\w+)/).map { String($0.1) })
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static var all: [SourceFile] {
        get throws {
            try ["Shared", "Services"].flatMap { folder in
                try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
                    .filter { $0.hasSuffix(".swift") }
                    .map { name in
                        let path = "\(folder)/\(name)"
                        return SourceFile(
                            path: path,
                            text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
                    }
            }
        }
    }
}
