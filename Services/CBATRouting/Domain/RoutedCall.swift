import Contracts
import Foundation

/// A call as routing knows it: triage's latest word, and who answers for it now.
struct RoutedCall: Sendable, Equatable, Codable {
    /// Where the call stands with us. Everything but `unrouted` has exactly one owner.
    enum Standing: String, Sendable, Codable, CaseIterable {
        /// Not ours so far.
        case unrouted
        /// A pair has the offer or the assignment.
        case assigned
        /// The assignment of another call covers it.
        case joined
        case deferred
        case handedOff = "handed-off"
        case cleared
    }

    let id: CallID
    let agency: AgencyID
    let number: String
    private(set) var decision: Int
    private(set) var status: CallStatus
    private(set) var community: Community
    private(set) var language: String?
    private(set) var ageBand: AgeBand?
    private(set) var isMinor: Bool
    private(set) var level: Int
    private(set) var mode: ResponseMode
    private(set) var programs: [RankedProgram]
    private(set) var needsMedic: Bool
    private(set) var possibleDuplicateOf: CallID?

    var standing = Standing.unrouted
    /// The active assignment while `assigned`, afterwards the last one.
    var assignment: AssignmentID?
    var joinedTo: CallID?
    var owner: OwnerRole?
    /// The level at which a pair was last looked for: only a higher one makes routing look again.
    var plannedLevel: Int?
    /// Pairs that were asked and did not take it.
    var asked: [String] = []
    /// Somebody on scene said so, perhaps before a pair was found.
    var securedAt: Date?

    init(_ triaged: CallTriaged) {
        id = triaged.call
        agency = triaged.agency
        number = triaged.number
        decision = triaged.decision
        status = triaged.status
        community = triaged.community
        isMinor = false
        level = triaged.level
        mode = triaged.responseMode
        programs = triaged.programs
        needsMedic = false
        adopt(triaged)
    }

    /// Takes over triage's newer word.
    mutating func adopt(_ triaged: CallTriaged) {
        decision = triaged.decision
        status = triaged.status
        community = triaged.community
        language = triaged.language
        ageBand = triaged.ageBand
        isMinor = triaged.flags[.minor] == .yes
        level = triaged.level
        mode = triaged.responseMode
        programs = triaged.programs
        needsMedic =
            ["BLS", "ALS", "SICK"].contains(triaged.commonType)
            || [Flag.injury, .overdose, .suicideAttempt].contains { triaged.flags[$0] == .yes }
        possibleDuplicateOf = triaged.possibleDuplicateOf
    }

    /// What was said on scene before its CAD closed the call says nothing about now.
    mutating func reopen() {
        if standing != .assigned { securedAt = nil }
    }

    var isLive: Bool { !status.isFinal }

    var demand: Demand {
        Demand(
            community: community, language: language, isYouth: isMinor || ageBand == .child || ageBand == .youth)
    }
}
