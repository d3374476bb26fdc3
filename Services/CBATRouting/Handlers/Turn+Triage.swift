import Contracts
import Messaging

/// Triage's word about a call.
extension Turn {
    mutating func take(_ triaged: CallTriaged) {
        let known = state.calls[triaged.call]
        guard triaged.decision > known?.decision ?? 0 else { return }
        var call = known ?? RoutedCall(triaged)
        call.adopt(triaged)
        // Its CAD may open a call again that it had closed, also after a pair cleared it: it is asked for once more.
        let isReopened = known.map { !$0.isLive && call.isLive } ?? false
        if isReopened { call.reopen() }
        state.put(call)
        guard call.isLive else { return closeByCAD(call) }
        let asksAgain =
            isReopened || call.level > call.plannedLevel ?? 0 || call.mode == .secondary && known?.mode != .secondary
        switch call.standing {
        case .unrouted: if call.isForCBAT(roster.policy) { takeUp(call) }
        case .assigned: revise(call, isOverridden: triaged.isOverridden)
        case .joined: raisePlan(ofJoined: call, asksAgain: asksAgain, isReopened: isReopened)
        case .deferred, .handedOff:
            if asksAgain && call.isForCBAT(roster.policy) { takeUp(call, isReopened: isReopened) }
        case .cleared: if isReopened && call.isForCBAT(roster.policy) { takeUp(call, isReopened: true) }
        }
    }

    /// Answers for the call from here until it is assigned, joined, deferred or handed off, which is at once.
    mutating func takeUp(_ call: RoutedCall, isReopened: Bool = false) {
        var call = call
        // Whoever answered before its CAD closed it is told again: it may be over for them.
        if isReopened { call.standing = .unrouted }
        call.plannedLevel = call.level
        call.asked = []
        state.put(call)
        if let other = openAssignment(aboutSameEventAs: call) {
            join(call, to: other)
        } else if call.mode == .transfer {
            handOff(call, to: call.transferOwner, because: "Triage transfers the call.")
        } else {
            offerNext(call.id)
        }
    }

    /// A possible duplicate never draws a second pair, whichever of the two was triaged first.
    private func openAssignment(aboutSameEventAs call: RoutedCall) -> Assignment? {
        if let original = call.possibleDuplicateOf,
            let assignment = state.activeAssignment(ofCall: state.root(of: original))
        {
            return assignment
        }
        return state.activeAssignments.first { state.calls[$0.snapshot.call]?.possibleDuplicateOf == call.id }
    }

    mutating func join(_ call: RoutedCall, to assignment: Assignment) {
        var call = call
        call.standing = .joined
        call.joinedTo = assignment.snapshot.call
        call.owner = .cbatRouting
        state.put(call)
        // Whoever joined this call earlier goes along: nobody is two steps away from the pair.
        for var earlier in state.calls(joinedTo: call.id) {
            earlier.joinedTo = assignment.snapshot.call
            earlier.owner = .cbatRouting
            state.put(earlier)
        }
        emit(
            CallJoined(
                call: call.id, agency: call.agency, joined: assignment.snapshot.call, assignment: assignment.id, at: at)
        )
        record(
            .joined, call, owner: .cbatRouting, reason: "Probably the same event as a call that a pair has.",
            assignment: assignment.id)
        raise(assignment.id, for: call)
    }

    /// Work under way is made safer at once, never less safe unless a person says so.
    private mutating func revise(_ call: RoutedCall, isOverridden: Bool) {
        guard let assignment = state.activeAssignment(ofCall: call.id), !assignment.isWithPerson else { return }
        let isForCBAT = call.isForCBAT(roster.policy)
        if call.mode == .transfer {
            takeBack(assignment, because: "Triage now transfers the call.")
            handOff(call, to: call.transferOwner, because: "Triage now transfers the call.")
            passOn(from: call.id)
        } else if !isForCBAT && (assignment.status == .offered || isOverridden) {
            takeBack(assignment, because: "The call is no longer CBAT's.")
            handOff(call, to: call.ownerOfFirstProgram, because: "The call is no longer CBAT's.")
            passOn(from: call.id)
        } else if isOverridden {
            change(assignment.id, level: call.level, mode: call.assignmentMode)
        } else {
            raise(assignment.id, for: call)
        }
    }

    private mutating func raisePlan(ofJoined call: RoutedCall, asksAgain: Bool, isReopened: Bool) {
        guard let root = call.joinedTo else { return }
        if let assignment = state.activeAssignment(ofCall: root) {
            raise(assignment.id, for: call)
        } else if asksAgain, isReopened || state.calls[root]?.standing != .cleared, call.isForCBAT(roster.policy) {
            takeUp(call, isReopened: isReopened)
        }
    }

    private mutating func raise(_ id: AssignmentID, for call: RoutedCall) {
        guard let assignment = state.assignments[id] else { return }
        let (level, mode) = (assignment.snapshot.level, assignment.snapshot.mode)
        let isSafer = call.assignmentMode.protection > mode.protection
        guard call.level > level || isSafer else { return }
        change(id, level: max(level, call.level), mode: isSafer ? call.assignmentMode : mode)
    }

    private mutating func change(_ id: AssignmentID, level: Int, mode: ResponseMode) {
        guard var assignment = state.assignments[id], assignment.revise(level: level, mode: mode) else { return }
        state.put(assignment)
        emit(AssignmentProgressed(assignment: assignment.snapshot))
    }
}
