import Contracts
import Foundation

/// One pair's work on one call:
/// `offered → accepted | declined | expired`, then `enroute → staged → on-scene → contact → cleared`, and `cancelled`
/// from anywhere before contact.
///
/// Guarantees: stages are passed forward only, a skipped one is not made up; an illegal step throws and changes
/// nothing; the same step twice, or one older than what is known, changes nothing; with patrol-secures-first nobody is
/// on scene before the scene is secured; a pair with the person is never taken away.
struct Assignment: Sendable, Equatable {
    private(set) var snapshot: AssignmentSnapshot
    let officer: String
    let clinician: String
    /// When the pair itself last said something about it, by its own clock; nil while the offer waits.
    private(set) var reportedAt: Date?

    var id: AssignmentID { snapshot.id }
    var status: AssignmentStatus { snapshot.status }
    var isActive: Bool { Self.stages.contains(status) }
    var isWithPerson: Bool { status == .contact }

    /// Offers the call to a pair.
    init(offering snapshot: AssignmentSnapshot, officer: String, clinician: String) {
        self.init(restoring: snapshot, officer: officer, clinician: clinician, reportedAt: nil)
    }

    /// Restores what was stored.
    init(restoring snapshot: AssignmentSnapshot, officer: String, clinician: String, reportedAt: Date?) {
        self.snapshot = snapshot
        self.officer = officer
        self.clinician = clinician
        self.reportedAt = reportedAt
    }

    /// What an active assignment passes through, in order.
    static let stages: [AssignmentStatus] = [.offered, .accepted, .enroute, .staged, .onScene, .contact]

    /// A step that the pair reports. Returns whether anything changed.
    mutating func report(_ step: PairStep, at date: Date) throws(AssignmentProblem) -> Bool {
        if step.status == status { return false }
        if let reportedAt, date < reportedAt { return false }
        guard isActive else { throw .ended(status) }
        switch step {
        case .accepted, .declined:
            guard status == .offered else { throw .illegal(from: status, to: step.status) }
        case .enroute, .staged, .onScene, .contact:
            guard status != .offered, isForward(to: step.status) else {
                throw .illegal(from: status, to: step.status)
            }
            if step == .onScene || step == .contact { try checkScene() }
        case .cleared:
            guard hasSetOut else { throw .illegal(from: status, to: .cleared) }
        }
        reportedAt = date
        enter(step.status, at: date)
        return true
    }

    /// The offer's time is up. Only an offer still waiting expires.
    mutating func expire(at date: Date) -> Bool {
        guard status == .offered else { return false }
        enter(.expired, at: date)
        return true
    }

    /// Takes the call back from the pair.
    mutating func cancel(at date: Date) throws(AssignmentProblem) {
        guard isActive else { throw .ended(status) }
        guard !isWithPerson else { throw .withPerson }
        enter(.cancelled, at: date)
    }

    /// Somebody on scene, usually patrol, says that it is secured.
    mutating func secureScene(at date: Date) throws(AssignmentProblem) -> Bool {
        if snapshot.isSceneSecured { return false }
        guard isActive else { throw .ended(status) }
        snapshot.isSceneSecured = true
        snapshot.securedAt = date
        snapshot.version += 1
        return true
    }

    /// Changes the plan of work that goes on. Returns whether anything changed.
    mutating func revise(level: Int, mode: ResponseMode) -> Bool {
        guard isActive, (snapshot.level, snapshot.mode) != (level, mode) else { return false }
        snapshot.level = level
        snapshot.mode = mode
        snapshot.version += 1
        return true
    }

    private func checkScene() throws(AssignmentProblem) {
        if snapshot.mode == .patrolSecuresFirst && !snapshot.isSceneSecured { throw .sceneNotSecured }
    }

    private func isForward(to next: AssignmentStatus) -> Bool {
        guard let here = Self.stages.firstIndex(of: status), let there = Self.stages.firstIndex(of: next) else {
            return false
        }
        return here < there
    }

    private var hasSetOut: Bool { status == .enroute || !isForward(to: .enroute) }

    private mutating func enter(_ status: AssignmentStatus, at date: Date) {
        snapshot.status = status
        snapshot.version += 1
        switch status {
        case .accepted: snapshot.acceptedAt = date
        case .enroute: snapshot.enrouteAt = date
        case .staged: snapshot.stagedAt = date
        case .onScene: snapshot.onSceneAt = date
        case .contact: snapshot.contactAt = date
        default: snapshot.endedAt = date
        }
    }
}

/// What a pair may say about its assignment.
enum PairStep: String, Sendable, Codable, CaseIterable {
    case accepted, declined, enroute, staged
    case onScene = "on-scene"
    case contact, cleared

    var status: AssignmentStatus { AssignmentStatus(rawValue: rawValue) }
}

/// Why a step is refused.
enum AssignmentProblem: Error, Equatable, CustomStringConvertible {
    case illegal(from: AssignmentStatus, to: AssignmentStatus)
    case ended(AssignmentStatus)
    case sceneNotSecured
    case withPerson

    var code: String {
        switch self {
        case .illegal: "illegal-transition"
        case .ended: "assignment-ended"
        case .sceneNotSecured: "scene-not-secured"
        case .withPerson: "with-person"
        }
    }

    var description: String {
        switch self {
        case .illegal(.offered, let to): "An offer that was not accepted cannot become \(to); accept it first."
        case .illegal(let from, let to): "An assignment that is \(from) cannot become \(to)."
        case .ended(let status): "The assignment ended as \(status); nothing more can be reported on it."
        case .sceneNotSecured: "The pair stages until somebody reports the scene secured."
        case .withPerson: "The pair is with the person and is not taken away; it clears the call itself."
        }
    }
}
