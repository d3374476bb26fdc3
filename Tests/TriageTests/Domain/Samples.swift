import Contracts
import Foundation
@testable import Triage

/// The rule set that is shipped.
enum Shipped {
    static func text() throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../deploy/config/triage.yaml").standardized
        return try String(contentsOf: file, encoding: .utf8)
    }

    static func rules() throws -> RuleSet { try loaded.get() }

    /// Read once for all tests.
    private static let loaded = Result { try RuleSet.load(yaml: try text()) }
}

extension Date {
    /// An invented Monday morning.
    static let monday = Date(timeIntervalSince1970: 1_793_606_400)

    static func day(_ number: Int) -> Date { monday.addingTimeInterval(Double(number) * 86_400) }
}

extension CallSnapshot {
    /// An invented call about which nothing is known but its type.
    static func sample(
        _ type: String = "WELFARE", says narrative: String = "", at placeType: PlaceType = .residence,
        flags: [Flag: Fact] = [:], number: String = "B-1", version: Int = 1, status: CallStatus = .active,
        priority: Int? = nil, ageBand: AgeBand? = nil, receivedAt: Date = .monday, address: String? = nil,
        possibleDuplicateOf: CallID? = nil, isRecognized: Bool = true
    ) -> CallSnapshot {
        CallSnapshot(
            id: CallID(agency: "beaumont-pd", number: number), agency: "beaumont-pd", number: number,
            version: version, status: status, type: CallType(code: type, common: type, isRecognized: isRecognized),
            priority: priority, receivedAt: receivedAt, updatedAt: receivedAt,
            location: Location(
                address: address, placeType: placeType,
                place: address.map { PlaceID(community: .beaumont, address: $0) }),
            community: .beaumont, flags: flags, ageBand: ageBand, possibleDuplicateOf: possibleDuplicateOf,
            narrative: narrative.isEmpty ? [] : [NarrativeLine(at: receivedAt, text: narrative)])
    }
}

extension [Flag: Fact] {
    /// The call taker asked, and nobody is armed or violent.
    static let calm: Self = [.weapon: .no, .violence: .no]
}
