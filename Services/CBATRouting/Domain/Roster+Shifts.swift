import Foundation

/// When pairs ride, with the dated exceptions taken into account.
extension Roster {
    struct OnShift: Sendable, Equatable {
        let pairing: Pairing
        let span: Span
    }

    /// The pairs on shift at a time, in the order of their ids.
    func pairsOnShift(at date: Date, _ exceptions: [RosterException]) -> [OnShift] {
        pairings.compactMap { pairing in
            let instant = Span(start: date, end: date.addingTimeInterval(1))
            let span = shifts(of: pairing, in: instant, exceptions).first { $0.contains(date) }
            return span.map { OnShift(pairing: pairing, span: $0) }
        }
    }

    /// When the next pair begins to ride. Nil when none does within the time given.
    func nextShiftStart(after date: Date, within hours: Int, _ exceptions: [RosterException]) -> Date? {
        let window = Span(start: date, end: date.addingTimeInterval(Double(hours) * 3600))
        return pairings.flatMap { shifts(of: $0, in: window, exceptions) }
            .map(\.start).filter { $0 > date && $0 < window.end }.min()
    }

    /// The times one pair rides within a window, whole shifts even where they reach out of it.
    func shifts(of pairing: Pairing, in window: Span, _ exceptions: [RosterException]) -> [Span] {
        let regular = pairing.shifts.flatMap { $0.spans(in: window) }
        let extra = exceptions.filter { $0.substitute == pairing.id && $0.span.overlaps(window) }.map(\.span)
        let absent = exceptions.filter { $0.pairing == pairing.id }.map(\.span)
        return (regular + extra).merged().subtracting(absent).filter { $0.overlaps(window) }
    }

    /// Checks that the others still make sense without one of them: a pair may ride because this one keeps another off.
    func check(withdrawing exception: RosterException, from all: [RosterException]) throws(RosterConflict) {
        let others = all.filter { $0.id != exception.id }
        for other in others where other.kind == .swap && other.span.overlaps(exception.span) {
            do throws(RosterConflict) {
                try check(other, beside: others.filter { $0.id != other.id })
            } catch {
                // Any other flaw, such as a pair that the roster no longer has, was there before.
                if case .personInTwoCars = error { throw error }
            }
        }
    }

    /// Checks that an exception makes sense beside those there are.
    func check(_ exception: RosterException, beside others: [RosterException]) throws(RosterConflict) {
        guard pairing(exception.pairing) != nil else { throw .unknownPairing(exception.pairing) }
        guard exception.span.start < exception.span.end else { throw .endsBeforeItStarts }
        guard exception.kind == .swap else {
            if exception.substitute != nil { throw .substituteNotWanted }
            return
        }
        guard let name = exception.substitute, name != exception.pairing else { throw .substituteMissing }
        guard let substitute = pairing(name) else { throw .unknownPairing(name) }
        let exceptions = others + [exception]
        for other in pairings where other.id != substitute.id && other.shares(personWith: substitute) {
            guard shifts(of: other, in: exception.span, exceptions).isEmpty else {
                throw .personInTwoCars(substitute.id, other.id)
            }
        }
    }
}
