import Contracts
import Foundation
import Testing

@testable import OutreachResources

/// The published schemas and an independent validator: Python's `jsonschema`.
@Suite("The HSDS documents")
struct HSDSTests {
    let document: HSDSDocument

    init() throws {
        let directory = try Samples.directory()
        document = HSDSDocument(
            directory: directory,
            capacity: Dictionary(
                uniqueKeysWithValues: directory.services.map {
                    ($0.id, CapacityObservation(service: $0.id, count: 3, source: "phone", observedAt: Samples.now))
                }))
    }

    @Test("every full service is valid")
    func services() throws {
        try expectValid(document.directory.services.map(document.service), "compiled_service_with_definitions")
    }

    @Test("every entry of a list is valid")
    func lists() throws {
        let services = document.directory.services
        try expectValid(services.map(document.summary), "compiled_service_list")
        try expectValid(
            document.directory.organizations.map(document.organization), "compiled_organization_list")
        try expectValid(
            services.flatMap { service in
                service.sites.map { document.place($0, of: service, nesting: true) }
            }, "compiled_service_at_location_list")
    }

    @Test("the validator would notice a service without status")
    func validatorWorks() throws {
        var service = document.service(document.directory.services[0])
        service["status"] = nil
        #expect(try problems([service], "compiled_service_with_definitions").count == 1)
    }

    @Test(
        "a page says where it stands among all",
        arguments: [(1, 4, true, false), (4, 1, false, true), (9, 0, false, true)])
    func pages(page: Int, size: Int, isFirst: Bool, isLast: Bool) {
        let all = (0..<13).map { HSDSValue.number($0) }
        let document = HSDSPage(all, HSDSQuery(page: page, perPage: 4)).document
        #expect(document["total_items"] == .number(13))
        #expect(document["total_pages"] == .number(4))
        #expect(document["page_number"] == .number(page))
        #expect(document["size"] == .number(size))
        #expect(document["first_page"] == .flag(isFirst))
        #expect(document["last_page"] == .flag(isLast))
        #expect(document["empty"] == .flag(size == 0))
    }

    private func expectValid(_ values: [HSDSValue], _ schema: String) throws {
        #expect(!values.isEmpty)
        #expect(try problems(values, schema) == [])
    }

    private struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private func problems(_ values: [HSDSValue], _ schema: String) throws -> [String] {
        let file = Samples.repository.appending(path: "../shared/standards/hsds/3.1-dev/\(schema).json")
            .standardizedFileURL
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw Missing(description: "the shared material is absent: no \(file.path)")
        }
        let input = FileManager.default.temporaryDirectory.appending(path: "copps-hsds-\(UUID()).json")
        try ContractJSON.encode(values).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator as V, FormatChecker
            v = V(json.load(open(sys.argv[1])), format_checker=FormatChecker())
            print(json.dumps([e.json_path + ': ' + e.message for i in json.load(open(sys.argv[2])) for e in v.iter_errors(i)]))
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-W", "ignore", "-c", script, file.path, input.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Missing(description: "python3 with the package jsonschema is needed (pip install jsonschema)")
        }
        return try JSONDecoder().decode([String].self, from: answer)
    }
}
