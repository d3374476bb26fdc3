import Contracts
import Foundation

/// Finds another agency's call that is probably about the same event: the same address, or positions within 150 m,
/// received within fifteen minutes. It only points; both calls live on, and no second pair is drawn.
enum DuplicateFinder {
    static let window: TimeInterval = 15 * 60
    private static let metres = 150.0

    static func original(of call: CallSnapshot, among others: [RecentCall]) -> CallID? {
        others.filter { other in
            other.agency != call.agency
                && abs(other.receivedAt.timeIntervalSince(call.receivedAt)) <= window && isSamePlace(call, other)
        }
        .min { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }
        .map { $0.possibleDuplicateOf ?? $0.id }
    }

    /// The times in which calls of these times may have their originals. Those that overlap are one, so that a call is
    /// looked at once however many of a batch it is near to.
    static func windows(around times: [Date]) -> [(first: Date, last: Date, calls: Int)] {
        var windows: [(first: Date, last: Date, calls: Int)] = []
        for time in times.sorted() {
            if let latest = windows.last, latest.last >= time - window {
                windows[windows.count - 1] = (latest.first, time + window, latest.calls + 1)
            } else {
                windows.append((time - window, time + window, 1))
            }
        }
        return windows
    }

    private static func isSamePlace(_ a: CallSnapshot, _ b: RecentCall) -> Bool {
        if let place = a.location.place, place == b.place { return true }
        guard let latitude = a.location.latitude, let longitude = a.location.longitude,
            let otherLatitude = b.latitude, let otherLongitude = b.longitude
        else { return false }
        // A degree of latitude is 111 km; at this scale the earth is flat.
        let north = (latitude - otherLatitude) * 111_320
        let east = (longitude - otherLongitude) * 111_320 * cos(latitude * .pi / 180)
        return (north * north + east * east).squareRoot() <= metres
    }
}
