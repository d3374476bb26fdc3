import Contracts
import Foundation

/// What of an active call tells whether another is about the same event: nothing of persons, and little to read.
struct RecentCall: Sendable, Equatable {
    let id: CallID
    let agency: AgencyID
    let receivedAt: Date
    let place: PlaceID?
    let latitude: Double?
    let longitude: Double?
    var possibleDuplicateOf: CallID?
}

extension RecentCall {
    /// Nil for a call that has ended.
    init?(_ call: CallSnapshot) {
        guard call.status == .active else { return nil }
        self.init(
            id: call.id, agency: call.agency, receivedAt: call.receivedAt, place: call.location.place,
            latitude: call.location.latitude, longitude: call.location.longitude,
            possibleDuplicateOf: call.possibleDuplicateOf)
    }
}
