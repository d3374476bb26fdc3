import Contracts
import Foundation

/// What a pair's own CAD last said about it. Independent of assignments: a pair may be out of service while it still
/// owes an answer, and available while an offer waits.
struct PairState: Sendable, Equatable, Codable {
    let pairing: String
    private(set) var status: UnitStatus?
    private(set) var statusAt: Date?
    /// A call the pair was put on by its own CAD, without an assignment of ours.
    private(set) var engagedOn: CallID?
    private(set) var position: Community?
    private(set) var positionAt: Date?

    init(pairing: String) {
        self.pairing = pairing
    }

    /// Takes note of a status unless a later one is known: statuses are compared by their own time.
    mutating func observe(_ status: UnitStatus, at date: Date, engagedOn call: CallID? = nil) {
        guard date >= statusAt ?? .distantPast else { return }
        self.status = status
        statusAt = date
        engagedOn = status.isWorking ? call : nil
    }

    mutating func move(to community: Community, at date: Date) {
        guard date >= positionAt ?? .distantPast else { return }
        position = community
        positionAt = date
    }

    /// Why the pair cannot be offered a call although it is on shift; nil when it can. What was said before the shift
    /// began says nothing about it.
    func obstacle(since shiftStart: Date) -> SetAside.Reason? {
        guard let status, let statusAt, statusAt >= shiftStart else { return nil }
        if status == .offDuty || status == .outOfService { return .unavailable }
        return engagedOn == nil ? nil : .busy
    }

    /// Where the pair is: where it last worked this shift, else where it began.
    func position(since shiftStart: Date, home: Community) -> Community {
        guard let position, let positionAt, positionAt >= shiftStart else { return home }
        return position
    }
}

extension UnitStatus {
    /// On its way to a call or at work on one.
    var isWorking: Bool {
        isAtScene || [.accepted, .enroute, .staged].contains(self)
    }

    var isAtScene: Bool { [.onScene, .contact, .transporting].contains(self) }
}
