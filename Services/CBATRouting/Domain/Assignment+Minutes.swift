import Contracts
import Foundation

extension Assignment {
    /// Minutes of the clinician from setting out to the end, begun ones counted whole.
    var clinicianMinutes: Int {
        guard let from = snapshot.enrouteAt ?? snapshot.acceptedAt, let to = snapshot.endedAt, to > from else {
            return 0
        }
        return Int((to.timeIntervalSince(from) / 60).rounded(.up))
    }
}
