import Contracts

/// Minutes between the communities of the Pass, which is one road: I-10 joins them in a line, and where it is closed
/// the way round is long or does not exist.
struct TravelModel: Sendable, Equatable, Codable {
    /// A stretch of road between two communities.
    struct Leg: Sendable, Equatable, Codable {
        let id: String
        let between: [Community]
        let minutes: Int
        /// By surface streets while the leg is closed; nil when there is no other way.
        let closedMinutes: Int?
    }

    /// A place a pair takes people to. All of them are outside the Pass, reached through one of its ends.
    struct Facility: Sendable, Equatable, Codable {
        let id: String
        let name: String
        let city: String
        let via: Community
        let minutes: Int
    }

    /// Minutes to a scene in the community where the pair already is.
    let within: [Community: Int]
    let legs: [Leg]
    let facilities: [Facility]

    /// The shortest time by road. Nil when the closed legs cut the one off from the other.
    func minutes(from start: Community, to end: Community, closed: Set<String> = []) -> Int? {
        let (start, end) = (known(start), known(end))
        guard start != end else { return within[end] ?? 0 }
        var reached = [start: 0]
        // Bellman and Ford: a round per community is enough, and the map has five.
        for _ in 0...legs.count + facilities.count {
            for road in roads(closed) {
                for (from, to) in [(road.from, road.to), (road.to, road.from)] {
                    // The facilities lie at opposite ends: nobody drives from one end to the other through them.
                    guard let sum = reached[from], from != .outside || start == .outside else { continue }
                    reached[to] = min(reached[to] ?? .max, sum + road.minutes)
                }
            }
        }
        return reached[end]
    }

    private func roads(_ closed: Set<String>) -> [(from: Community, to: Community, minutes: Int)] {
        let open = legs.compactMap { leg -> (from: Community, to: Community, minutes: Int)? in
            guard let minutes = closed.contains(leg.id) ? leg.closedMinutes : leg.minutes else { return nil }
            return (leg.between[0], leg.between[1], minutes)
        }
        return open + facilities.map { ($0.via, .outside, $0.minutes) }
    }

    /// A community that the map does not have is outside it.
    private func known(_ community: Community) -> Community {
        within[community] == nil ? .outside : community
    }
}
