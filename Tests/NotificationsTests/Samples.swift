import Contracts
import Foundation
@testable import Notifications

enum Sample {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// 2026-11-02T16:15:00Z
    static let now = Date(timeIntervalSince1970: 1_793_636_100)

    /// The shipped one.
    static func policy() throws -> DisclosurePolicy { try shipped.get() }

    private static let shipped = Result {
        try DisclosurePolicy(
            yaml: try String(contentsOf: root.appending(path: "deploy/config/disclosure.yaml"), encoding: .utf8),
            file: "disclosure.yaml")
    }

    static func event(
        _ type: String, _ content: JSONTree, agencies: [AgencyID]? = nil
    ) -> FeedEvent {
        FeedEvent(
            position: 1, id: .v7(), type: type, source: "/copps/test", time: now, correlation: nil,
            agencies: agencies ?? FeedEvent.agencies(in: content), content: content, policy: "p")
    }
}

/// The golden message of each event of the catalog.
struct GoldenEvent: Sendable, CustomStringConvertible {
    let description: String
    let type: String
    let content: JSONTree

    static let all: [GoldenEvent] = {
        let directory = Sample.root.appending(path: "Tests/ContractsTests/Golden")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.sorted().compactMap { name -> GoldenEvent? in
            let type = String(name.replacing(".json", with: "").prefix { $0 != "+" })
            guard EventType(type) != nil, let data = try? Data(contentsOf: directory.appending(path: name)) else {
                return nil
            }
            return (try? JSONTree(data)).map { GoldenEvent(description: name, type: type, content: $0) }
        }
    }()
}
