import Contracts
import Foundation
import Messaging

/// What happens to an assignment after it was offered.
extension Turn {
    /// The pair reports a step. What is old or already known changes nothing.
    mutating func report(
        _ step: PairStep, on id: AssignmentID, at date: Date, reason: String? = nil, outcome: EncounterOutcome? = nil
    ) throws(AssignmentProblem) {
        guard var assignment = state.assignments[id], try assignment.report(step, at: date) else { return }
        state.put(assignment)
        switch step {
        case .accepted:
            emit(.cancelTimer(OfferExpired.timerID(id)))
            emit(AssignmentAccepted(assignment: assignment.snapshot))
        case .declined:
            emit(.cancelTimer(OfferExpired.timerID(id)))
            emit(AssignmentDeclined(assignment: assignment.snapshot, reason: reason ?? "not given"))
            moveOn(from: assignment)
        case .enroute, .staged:
            emit(AssignmentProgressed(assignment: assignment.snapshot))
        case .onScene, .contact:
            place(assignment.snapshot.pairing, in: assignment.snapshot.community, at: date)
            emit(AssignmentProgressed(assignment: assignment.snapshot))
        case .cleared:
            clear(assignment, outcome ?? .notReported, at: date)
        }
    }

    mutating func take(_ offer: OfferExpired) {
        guard var assignment = state.assignments[offer.assignment], assignment.expire(at: at) else { return }
        state.put(assignment)
        emit(AssignmentExpired(assignment: assignment.snapshot))
        moveOn(from: assignment)
    }

    /// The CAD closed or cancelled the call. A pair that is with the person stays and clears itself.
    mutating func closeByCAD(_ call: RoutedCall) {
        guard call.standing == .assigned, let assignment = state.activeAssignment(ofCall: call.id),
            !assignment.isWithPerson
        else { return }
        takeBack(assignment, because: "closed by CAD")
        handOff(call, to: .patrol, because: "closed by CAD")
        passOn(from: call.id)
    }

    /// The pair can no longer go; the call is offered to the next.
    mutating func giveUp(_ assignment: Assignment, because reason: String) {
        takeBack(assignment, because: reason)
        moveOn(from: assignment)
    }

    /// Takes the call from a pair that is not with the person yet.
    mutating func takeBack(_ assignment: Assignment, because reason: String) {
        var assignment = assignment
        do throws(AssignmentProblem) {
            try assignment.cancel(at: at)
        } catch {
            return
        }
        state.put(assignment)
        emit(.cancelTimer(OfferExpired.timerID(assignment.id)))
        emit(AssignmentCancelled(assignment: assignment.snapshot, reason: reason))
        if let call = state.calls[assignment.snapshot.call] {
            record(.cancelled, call, owner: .cbatRouting, reason: reason, assignment: assignment.id)
        }
    }

    /// Notes where a pair is now.
    mutating func place(_ pairing: String, in community: Community, at date: Date) {
        var pair = state.pairs[pairing] ?? PairState(pairing: pairing)
        pair.move(to: community, at: date)
        state.put(pair)
    }

    private mutating func moveOn(from assignment: Assignment) {
        guard var call = state.calls[assignment.snapshot.call] else { return }
        call.asked.append(assignment.snapshot.pairing)
        state.put(call)
        offerNext(call.id)
    }

    private mutating func clear(_ assignment: Assignment, _ outcome: EncounterOutcome, at date: Date) {
        guard let call = state.calls[assignment.snapshot.call] else { return }
        var outcome = outcome
        outcome.language = outcome.language ?? call.language
        outcome.ageBand = outcome.ageBand ?? call.ageBand
        end(call, as: .cleared, owner: outcome.nextOwner)
        state.record(
            ClinicianLedger.Entry(
                assignment: assignment.id, clinician: assignment.clinician, community: assignment.snapshot.community,
                minutes: assignment.clinicianMinutes, clearedAt: date))
        place(
            assignment.snapshot.pairing, in: outcome.isTransport ? .outside : assignment.snapshot.community, at: date)
        emit(
            EncounterCleared(
                assignment: assignment.snapshot, outcome: outcome, clinicianMinutes: assignment.clinicianMinutes,
                nextOwner: outcome.nextOwner))
    }

    /// Calls that relied on an assignment which is gone are taken up by themselves; they share one pair again.
    mutating func passOn(from root: CallID) {
        var heir: CallID?
        for var call in state.calls(joinedTo: root) where call.isLive {
            call.standing = .unrouted
            call.joinedTo = nil
            state.put(call)
            if let heir, let assignment = state.activeAssignment(ofCall: state.root(of: heir)) {
                join(call, to: assignment)
            } else if call.isForCBAT(roster.policy) {
                takeUp(call)
                heir = call.id
            } else {
                handOff(call, to: call.ownerOfFirstProgram, because: "The call is no longer CBAT's.")
            }
        }
    }
}
