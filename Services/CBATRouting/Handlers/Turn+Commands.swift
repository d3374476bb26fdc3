import Contracts
import Foundation
import Messaging

/// What people ask for over HTTP.
extension Turn {
    mutating func take(_ command: UnitCommand) throws(Refusal) {
        guard let assignment = state.assignments[command.assignment] else {
            throw .refused("not-found", "There is no such assignment.")
        }
        guard command.agency == nil || command.agency == assignment.snapshot.unitAgency else {
            throw .refused("other-agency", "The assignment is another agency's unit's.")
        }
        // Said now, so it counts as the latest even where a CAD's clock runs ahead.
        let time = max(at, assignment.reportedAt ?? at)
        do throws(AssignmentProblem) {
            switch command.action {
            case .sceneSecured: try secureScene(assignment, at: time)
            case .report(let step):
                try report(step, on: assignment.id, at: time, reason: command.reason, outcome: command.outcome)
            }
        } catch {
            throw error.refusal
        }
    }

    /// A pair that was offered a call and is now absent is not waited for.
    mutating func take(_ exception: RosterException) throws(Refusal) {
        do throws(RosterConflict) {
            try roster.check(exception, beside: state.exceptions)
        } catch {
            throw .refused(error.code, error.description)
        }
        state.put(exception)
        if exception.span.contains(at), let offer = state.activeAssignment(ofPairing: exception.pairing),
            offer.status == .offered
        {
            giveUp(offer, because: "The pair is out of service.")
        }
    }

    /// The weekly shifts hold again. A pair that no longer rides is not waited for.
    mutating func withdraw(_ id: UUID) throws(Refusal) {
        guard let exception = state.exceptions.first(where: { $0.id == id }) else {
            throw .refused("exception-not-found", "There is no such exception, or it is over.")
        }
        do throws(RosterConflict) {
            try roster.check(withdrawing: exception, from: state.exceptions)
        } catch {
            throw .refused(error.code, error.description)
        }
        state.withdraw(exception)
        let riding = roster.pairsOnShift(at: at, state.exceptions).map(\.pairing.id)
        if let substitute = exception.substitute, !riding.contains(substitute),
            let offer = state.activeAssignment(ofPairing: substitute), offer.status == .offered
        {
            giveUp(offer, because: "The pair no longer rides.")
        }
    }

    mutating func take(_ command: ClosureCommand) throws(Refusal) {
        let known = roster.travel.legs.map(\.id)
        if let unknown = command.closed.first(where: { !known.contains($0) }) {
            throw .refused("unknown-leg", "There is no leg \(unknown); use \(known.joined(separator: ", ")).")
        }
        state.put(
            RoadClosure(legs: Set(command.closed), reason: command.reason, changedBy: command.by, changedAt: at))
    }
}
