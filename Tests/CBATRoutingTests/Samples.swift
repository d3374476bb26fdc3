import Contracts
import Foundation
import Testing

@testable import CBATRouting

/// Invented people, hours and calls that the tests share.
enum Samples {
    /// The roster that is shipped, so the tests also hold it.
    static let rosterFile = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/config/roster.yaml")

    static func rosterText() throws -> String {
        try String(contentsOf: rosterFile, encoding: .utf8)
    }

    static func roster() throws -> Roster {
        try Roster.load(yaml: rosterText())
    }

    /// A roster that does not wait long for a silent pair.
    static func roster(silenceMinutes: Int) throws -> Roster {
        try Roster.load(
            yaml: rosterText().replacing("silenceMinutes: 240", with: "silenceMinutes: \(silenceMinutes)"))
    }

    /// `"2026-11-04 15:00"` by the wall clock of the Pass.
    static func time(_ text: String) throws -> Date {
        let words = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        try #require(words.count == 5)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "America/Los_Angeles"))
        return try #require(
            calendar.date(
                from: DateComponents(year: words[0], month: words[1], day: words[2], hour: words[3], minute: words[4])))
    }

    /// On this Wednesday all three pairs ride from 14:00 to 17:00, and nobody before 7:00.
    static let wednesday = "2026-11-04"

    static func triaged(
        _ number: String, agency: AgencyID = "beaumont-pd", decision: Int = 1, status: CallStatus = .active,
        community: Community = .beaumont, level: Int = 2, mode: ResponseMode = .alternative,
        programs: [(Program, Int)] = [(.cbat, 70), (.patrol, 20)], flags: [Flag: Fact] = [:], type: String = "WELFARE",
        language: String? = nil, ageBand: AgeBand? = nil, duplicateOf: CallID? = nil, isOverridden: Bool = false
    ) -> CallTriaged {
        let epoch = Date(timeIntervalSince1970: 1_793_800_000)
        return CallTriaged(
            call: CallID(agency: agency, number: number), agency: agency, number: number, callVersion: decision,
            decision: decision, status: status, receivedAt: epoch, location: Location(), community: community,
            commonType: type, flags: flags, language: language, ageBand: ageBand, possibleDuplicateOf: duplicateOf,
            level: level, responseMode: mode,
            programs: programs.map { RankedProgram(program: $0.0, score: $0.1) }, rules: [], questions: [],
            ruleSetVersion: "1", ruleSetHash: "", isOverridden: isOverridden, decidedAt: epoch)
    }

    static func snapshot(mode: ResponseMode = .alternative, isSecured: Bool = false) -> AssignmentSnapshot {
        let call = CallID(agency: "beaumont-pd", number: "1")
        let offered = Date(timeIntervalSince1970: 1_793_800_000)
        return AssignmentSnapshot(
            id: AssignmentID(.v5("assignment")), version: 1, call: call, callNumber: "1", callAgency: "beaumont-pd",
            episode: EpisodeID(call: call), community: .beaumont, pairing: "beaumont", unit: "CBAT1",
            unitAgency: "beaumont-pd", status: .offered, mode: mode, level: 2, isSceneSecured: isSecured,
            offeredAt: offered, expiresAt: offered.addingTimeInterval(120))
    }
}
