import Foundation

/// Which legs of the road are closed now, who said so and why.
struct RoadClosure: Sendable, Equatable, Codable {
    var legs: Set<String> = []
    var reason: String?
    var changedBy: String?
    var changedAt: Date?
}
