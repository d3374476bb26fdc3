import Contracts
import Foundation
import Messaging

/// Finding a pair, or somebody else.
extension Turn {
    /// Offers the call to the best pair not yet asked; without one, somebody else answers.
    mutating func offerNext(_ id: CallID) {
        guard let call = state.calls[id] else { return }
        let choice = compare(call)
        if let chosen = choice.chosen, let pairing = roster.pairing(chosen.pairing) {
            offer(call, to: pairing, chosen, choice)
        } else {
            fallBack(call, choice)
        }
    }

    private mutating func offer(_ call: RoutedCall, to pairing: Pairing, _ candidate: Candidate, _ choice: PairChoice) {
        let id = AssignmentID(newID("assignment"))
        let expiry = at.addingTimeInterval(Double(roster.policy.offerWindowSeconds))
        let assignment = Assignment(
            offering: AssignmentSnapshot(
                id: id, version: 1, call: call.id, callNumber: call.number, callAgency: call.agency,
                episode: EpisodeID(call: call.id), community: call.community, pairing: pairing.id, unit: pairing.unit,
                unitAgency: pairing.agency, status: .offered, mode: call.assignmentMode, level: call.level,
                isSceneSecured: call.securedAt != nil, offeredAt: at, expiresAt: expiry, securedAt: call.securedAt),
            officer: pairing.officer, clinician: pairing.clinician)
        state.put(assignment)
        var call = call
        call.assignment = id
        settle(call, as: .assigned, owner: .cbatRouting)
        emit(
            AssignmentOffered(
                assignment: assignment.snapshot, travelMinutes: candidate.travel, reason: choice.reason))
        emit(
            .timer(
                DueTimer(
                    id: OfferExpired.timerID(id), kind: OfferExpired.kind, due: expiry, partitionKey: call.id.uuid,
                    data: Self.timerData(id, call.id))))
        record(
            .offered, call, owner: .cbatRouting, reason: choice.reason, assignment: id, choice: choice)
    }

    /// What every timer of an assignment carries.
    static func timerData(_ assignment: AssignmentID, _ call: CallID) -> Data {
        Data(#"{"assignment":"\#(assignment)","call":"\#(call)"}"#.utf8)
    }

    private mutating func fallBack(_ call: RoutedCall, _ choice: PairChoice) {
        let nextShift = roster.nextShiftStart(
            after: at, within: roster.policy.deferWithinHours, state.exceptions)
        switch Fallback(level: call.level, mode: call.mode, nextShiftAt: nextShift) {
        case .handOff(let owner): handOff(call, to: owner, because: choice.reason, choice)
        case .nextShift(let start): postpone(call, until: start, because: choice.reason, choice)
        }
    }

    private mutating func postpone(_ call: RoutedCall, until start: Date, because reason: String, _ choice: PairChoice)
    {
        settle(call, as: .deferred, owner: .nextShift)
        emit(
            CallDeferred(
                call: call.id, agency: call.agency, episode: EpisodeID(call: call.id), community: call.community,
                level: call.level, language: call.language, ageBand: call.ageBand, reason: reason, nextShiftAt: start,
                nextOwner: .nextShift, at: at))
        record(.deferred, call, owner: .nextShift, reason: reason, choice: choice)
    }

    mutating func handOff(
        _ call: RoutedCall, to owner: OwnerRole, because reason: String, _ choice: PairChoice? = nil
    ) {
        let isNews = call.standing != .handedOff || call.owner != owner
        settle(call, as: .handedOff, owner: owner)
        record(.handedOff, call, owner: owner, reason: reason, choice: choice)
        guard isNews else { return }
        emit(
            CallHandedOff(
                call: call.id, agency: call.agency, episode: EpisodeID(call: call.id), community: call.community,
                level: call.level, language: call.language, ageBand: call.ageBand, reason: reason, nextOwner: owner,
                at: at))
    }

    /// Every pair of the roster, ranked or set aside with the reason.
    private func compare(_ call: RoutedCall) -> PairChoice {
        let onShift = roster.pairsOnShift(at: at, state.exceptions)
        let riding = Set(onShift.map(\.pairing.id))
        var setAside = roster.pairings.filter { !riding.contains($0.id) }
            .map { SetAside(pairing: $0.id, reason: .offShift) }
        var free: [FreePair] = []
        let active = state.activeAssignments
        for (pairing, span) in onShift.map({ ($0.pairing, $0.span) }) {
            let pair = state.pair(pairing.id)
            if call.asked.contains(pairing.id) {
                setAside.append(SetAside(pairing: pairing.id, reason: .asked))
            } else if active.contains(where: { $0.occupies(pairing) }) {
                setAside.append(SetAside(pairing: pairing.id, reason: .busy))
            } else if let obstacle = pair.obstacle(since: span.start) {
                setAside.append(SetAside(pairing: pairing.id, reason: obstacle))
            } else {
                free.append(
                    FreePair(pairing: pairing, position: pair.position(since: span.start, home: pairing.home)))
            }
        }
        return roster.choose(
            for: call.demand, among: free, ledger: state.ledger, closed: state.closure.legs, setAside: setAside)
    }
}

extension Assignment {
    /// Whether the pair's car or one of its people is at work on this. Asked of the assignment, for the roster may have
    /// been edited since the offer.
    fileprivate func occupies(_ pairing: Pairing) -> Bool {
        officer == pairing.officer || clinician == pairing.clinician
            || snapshot.unitAgency == pairing.agency && snapshot.unit == pairing.unit
    }
}
