import Contracts
import Foundation
import Messaging

@testable import OutreachResources

/// Values that the tests share. Everybody in them is invented.
enum Samples {
    /// A Monday, 10:00 in the Pass.
    static let now = Date(timeIntervalSince1970: 1_793_642_400)
    static let hour: TimeInterval = 3600
    static let day: TimeInterval = 24 * 3600
    static let timeZone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The directory that is delivered.
    static func directory() throws -> OutreachResources.Directory {
        let file = repository.appending(path: "deploy/config/directory.yaml")
        return try Directory.load(yaml: String(contentsOf: file, encoding: .utf8), hash: "delivered")
    }

    static func message(
        _ input: FollowCare.Input, at date: Date = now, id: UUID = .v5("test", "message")
    ) -> Message<FollowCare.Input> {
        Message(id: id, body: input, handledAt: date, correlation: nil, trace: .root())
    }

    static let call = CallID(agency: "beaumont-pd", number: "B-1")
    static let episode = EpisodeID(call: call)

    static func cleared(
        _ disposition: Disposition = .resolvedOnScene, needs: [Need] = [], consent: Fact = .yes,
        language: String? = "es", ageBand: AgeBand? = .adult, at date: Date = now, offeredAt: Date? = nil,
        unitAgency: AgencyID = "beaumont-pd"
    ) -> EncounterCleared {
        EncounterCleared(
            assignment: assignment(.cleared, at: offeredAt ?? date - hour, endedAt: date, unitAgency: unitAgency),
            outcome: EncounterOutcome(
                disposition: disposition, needs: needs, language: language, ageBand: ageBand, consent: consent),
            clinicianMinutes: 45, nextOwner: .clinician)
    }

    static func offered(at date: Date = now) -> AssignmentOffered {
        AssignmentOffered(assignment: assignment(.offered, at: date), travelMinutes: 8, reason: "nearest")
    }

    static func joined(at date: Date = now) -> CallJoined {
        CallJoined(
            call: call, agency: "beaumont-pd", joined: CallID(agency: "banning-pd", number: "N-1"), at: date)
    }

    private static func assignment(
        _ status: AssignmentStatus, at offered: Date, endedAt: Date? = nil, unitAgency: AgencyID = "beaumont-pd"
    ) -> AssignmentSnapshot {
        AssignmentSnapshot(
            id: AssignmentID(.v5("test", "assignment")), version: 6, call: call, callNumber: "B-1",
            callAgency: "beaumont-pd", episode: episode, community: .beaumont, pairing: "pair-1", unit: "CBAT1",
            unitAgency: unitAgency, status: status, mode: .alternative, level: 2, isSceneSecured: false,
            offeredAt: offered, expiresAt: offered + 120, endedAt: endedAt)
    }

    static func deferred(at date: Date = now) -> CallDeferred {
        CallDeferred(
            call: call, agency: "beaumont-pd", episode: episode, community: .beaumont, level: 2,
            reason: "nobody on shift", nextShiftAt: date + 12 * hour, nextOwner: .nextShift, at: date)
    }

    static func handedOff(at date: Date = now, to owner: OwnerRole = .mobileCrisis) -> CallHandedOff {
        CallHandedOff(
            call: call, agency: "beaumont-pd", episode: episode, community: .beaumont, level: 2,
            reason: "all pairs busy", nextOwner: owner, at: date)
    }

    static func triaged(
        _ program: Program, number: String = "B-1", address: String? = "1 Sample Street", level: Int = 2,
        placeType: PlaceType = .business, status: CallStatus = .active, decision: Int = 1, at date: Date = now,
        duplicateOf: CallID? = nil, agency: AgencyID = "beaumont-pd"
    ) -> CallTriaged {
        CallTriaged(
            call: CallID(agency: agency, number: number), agency: agency, number: number, callVersion: 1,
            decision: decision, status: status, receivedAt: date,
            location: Location(
                address: address, placeType: placeType,
                place: address.map { PlaceID(community: .beaumont, address: $0) }),
            community: .beaumont, commonType: "OTHER", flags: [:], language: nil, ageBand: nil,
            possibleDuplicateOf: duplicateOf, level: level, responseMode: .alternative,
            programs: [RankedProgram(program: program, score: 50), RankedProgram(program: .patrol, score: 10)],
            rules: [], questions: [], ruleSetVersion: "test", ruleSetHash: "test", isOverridden: false,
            decidedAt: date)
    }

    static func detected(_ numbers: [String]) -> ProblemDetected {
        ProblemDetected(
            place: PlaceID(community: .beaumont, address: "1 Sample Street"), community: .beaumont,
            placeType: .business, address: "1 Sample Street",
            calls: numbers.map { CallID(agency: "beaumont-pd", number: $0) }, windowDays: 30,
            program: .businessLiaison, detectedAt: now)
    }
}

/// Decides messages one after the other on one state, as the processor does, and keeps what came of it.
final class CareBench {
    let care: FollowCare
    var state: CareState
    var outgoing: [Outgoing] = []
    private var count = 0

    init(_ directory: OutreachResources.Directory) {
        care = FollowCare(directory: DirectorySource(directory))
        state = CareState(directory: directory)
    }

    /// The events that this message caused.
    @discardableResult
    func handle(_ input: FollowCare.Input, at date: Date = Samples.now) throws -> [any DomainEvent] {
        count += 1
        let decided = try care.decide(
            Samples.message(input, at: date, id: .v5("test", "\(count)")), &state)
        outgoing += decided
        return decided.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    var episode: CareEpisode? { state.episodes[Samples.episode] }
    var followUps: [FollowUpSnapshot] { state.followUps.all.sorted { $0.due < $1.due } }
    var referrals: [ReferralSnapshot] { state.referrals.all }

    var timers: [DueTimer] {
        outgoing.compactMap { if case .timer(let timer) = $0 { timer } else { nil } }
    }
}
