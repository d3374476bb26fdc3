import Contracts
import Foundation

/// Which officer's casework a triaged call belongs to, and how soon that officer must act.
struct Casework: Sendable, Equatable {
    let program: Program
    let owner: OwnerRole
    let nextAction: String
    /// Seconds.
    let within: TimeInterval
    /// An active campus incident: the officer is alerted at once. Patrol and routing answer it all the same.
    let isImmediate: Bool

    /// Calls at a place join its open case for as long as the last one is not older than this.
    static let joinsWithin: TimeInterval = 30 * 24 * 3600

    /// Nil when the call is not for one of the three officers: another program is ranked first (by the rules or by a
    /// person's override), or the call is no longer active.
    init?(_ call: CallTriaged) {
        guard !call.status.isFinal else { return nil }
        let isCampus = call.location.placeType == .school
        if call.level == 4 && isCampus {
            self.init(
                .schoolResource, .schoolOfficer, "Respond now with patrol: active campus incident", minutes: 15,
                isImmediate: true)
            return
        }
        switch call.programs.first?.program {
        case .homelessOutreach?:
            self.init(.homelessOutreach, .outreachOfficer, "Meet the person and offer resources", minutes: 3 * 1440)
        case .businessLiaison?:
            self.init(.businessLiaison, .businessOfficer, "Visit the business about the problem", minutes: 7 * 1440)
        case .schoolResource?:
            self.init(.schoolResource, .schoolOfficer, "Review with the school and screen (STAR)", minutes: 1440)
        default:
            return nil
        }
    }

    private init(
        _ program: Program, _ owner: OwnerRole, _ nextAction: String, minutes: Double, isImmediate: Bool = false
    ) {
        self.program = program
        self.owner = owner
        self.nextAction = nextAction
        within = minutes * 60
        self.isImmediate = isImmediate
    }

    func open(_ id: CaseID, for call: CallTriaged, at now: Date) -> CaseFile {
        CaseFile(
            snapshot: CaseSnapshot(
                id: id, program: program, community: call.community, place: call.location.place, owner: owner,
                calls: [call.call], status: status, nextAction: nextAction, deadline: now + within, openedAt: now,
                agencies: [call.agency]),
            lastCallAt: call.receivedAt)
    }

    /// Adds the call to an open case. An immediate one raises the case; a later quiet call does not lower it. False when
    /// that changes nothing.
    func join(_ file: inout CaseFile, _ call: CallTriaged, at now: Date) -> Bool {
        let isNew = !file.snapshot.calls.contains(call.call)
        let rises = isImmediate && file.snapshot.status != CaseStatus.immediate.rawValue
        if isNew { file.snapshot.calls.append(call.call) }
        file.snapshot.agencies = Set(file.snapshot.agencies ?? []).union([call.agency]).inOrder
        file.lastCallAt = max(file.lastCallAt, call.receivedAt)
        if rises {
            file.snapshot.status = status
            file.snapshot.nextAction = nextAction
            file.snapshot.deadline = now + within
        }
        return isNew || rises
    }

    private var status: String { (isImmediate ? CaseStatus.immediate : .open).rawValue }
}

/// An officer's case and when its last call came.
struct CaseFile: Sendable, Equatable {
    var snapshot: CaseSnapshot
    var lastCallAt: Date

    var isOpen: Bool { snapshot.status != CaseStatus.closed.rawValue }

    /// How long an overdue step may wait before it is told again: a day, but an hour where a campus is in danger.
    var reminder: TimeInterval { snapshot.status == CaseStatus.immediate.rawValue ? 3600 : 24 * 3600 }

    mutating func close(because reason: String) {
        snapshot.status = CaseStatus.closed.rawValue
        snapshot.closedBecause = reason
    }

    /// Whether the call belongs here: it, or the call it probably repeats, is already part of the case, or it is about
    /// the same place and the case is not dormant.
    func takes(_ call: CallTriaged, for program: Program) -> Bool {
        guard isOpen, snapshot.program == program else { return false }
        if snapshot.calls.contains(call.call) { return true }
        if let other = call.possibleDuplicateOf, snapshot.calls.contains(other) { return true }
        return isAbout(call.location.place) && !isDormant(at: call.receivedAt)
    }

    func isAbout(_ place: PlaceID?) -> Bool {
        place != nil && snapshot.place == place
    }

    func isDormant(at date: Date) -> Bool {
        date.timeIntervalSince(lastCallAt) > Casework.joinsWithin
    }
}

enum CaseStatus: String, Sendable {
    case open
    case immediate
    case closed
}
