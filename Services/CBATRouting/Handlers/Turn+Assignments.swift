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
        awaitWord(of: assignment)
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

    /// No word from the pair: the next is sent. One that is with the person is never taken away; it is only counted.
    mutating func take(_ silence: PairSilent) {
        guard let assignment = state.assignments[silence.assignment], assignment.isActive else { return }
        giveUp(assignment, because: "No word from the pair.")
    }

    /// Each step gives the pair its time anew. With the person, or at the end, nothing is waited for.
    private mutating func awaitWord(of assignment: Assignment) {
        let id = PairSilent.timerID(assignment.id)
        guard assignment.isActive, !assignment.isWithPerson else { return emit(.cancelTimer(id)) }
        let call = assignment.snapshot.call
        emit(
            .timer(
                DueTimer(
                    id: id, kind: PairSilent.kind,
                    due: at.addingTimeInterval(TimeInterval(roster.policy.silenceMinutes) * 60),
                    partitionKey: call.uuid, data: Self.timerData(assignment.id, call))))
    }

    /// The CAD closed or cancelled the call. A pair that is with the person stays and clears itself.
    mutating func closeByCAD(_ call: RoutedCall) {
        guard call.standing == .assigned, let assignment = state.activeAssignment(ofCall: call.id),
            !assignment.isWithPerson
        else { return }
        let reason = "The call was \(call.status) by its CAD before the pair met the person."
        takeBack(assignment, because: reason)
        handOff(call, to: .patrol, because: reason)
        passOn(from: call.id)
    }

    /// The pair can no longer go; the call is offered to the next.
    mutating func giveUp(_ assignment: Assignment, because reason: String) {
        guard takeBack(assignment, because: reason) else { return }
        moveOn(from: assignment)
    }

    /// Takes the call from a pair that is not with the person yet. Returns whether it did.
    @discardableResult
    mutating func takeBack(_ assignment: Assignment, because reason: String) -> Bool {
        var assignment = assignment
        do throws(AssignmentProblem) {
            try assignment.cancel(at: at)
        } catch {
            return false
        }
        state.put(assignment)
        emit(.cancelTimer(OfferExpired.timerID(assignment.id)))
        emit(.cancelTimer(PairSilent.timerID(assignment.id)))
        emit(AssignmentCancelled(assignment: assignment.snapshot, reason: reason))
        if let call = state.calls[assignment.snapshot.call] {
            record(.cancelled, call, owner: .cbatRouting, reason: reason, assignment: assignment.id)
        }
        return true
    }

    /// Notes where a pair is now.
    mutating func place(_ pairing: String, in community: Community, at date: Date) {
        var pair = state.pair(pairing)
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
        settle(call, as: .cleared, owner: outcome.nextOwner)
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
