import Contracts
import Foundation
import Yams

/// Tells which community a place belongs to: by the city's name, else by position.
struct Gazetteer: Sendable {
    private let byCity: [String: Community]
    private let areas: [(community: Community, corners: [Position])]

    private struct Position: Sendable {
        let latitude: Double
        let longitude: Double
    }

    /// - Throws: ``ConfigurationProblem`` naming the file, the line and what to mend.
    init(yaml text: String, file: String) throws(ConfigurationProblem) {
        let entries: [Entry]
        do {
            entries = try YAMLDecoder().decode(Document.self, from: text).communities
        } catch {
            throw ConfigurationProblem(file: file, line: nil, what: "\(error)")
        }
        var byCity: [String: Community] = [:]
        var areas: [(Community, [Position])] = []
        for entry in entries {
            let community = Community(rawValue: entry.id)
            guard community.isKnown else {
                let known = Community.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationProblem(
                    file: file, line: nil, what: "\(entry.id) is not a community; one of \(known) is")
            }
            for city in entry.cities ?? [] { byCity[city.lowercased()] = community }
            guard let polygon = entry.polygon else { continue }
            guard polygon.count >= 3, polygon.allSatisfy({ $0.count == 2 }) else {
                throw ConfigurationProblem(
                    file: file, line: nil, what: "the polygon of \(entry.id) needs three or more [latitude, longitude]")
            }
            areas.append((community, polygon.map { Position(latitude: $0[0], longitude: $0[1]) }))
        }
        self.byCity = byCity
        self.areas = areas
    }

    func community(of location: CADLocation) -> Community {
        if let city = location.city?.lowercased(), let community = byCity[city] { return community }
        if let latitude = location.latitude, let longitude = location.longitude {
            let position = Position(latitude: latitude, longitude: longitude)
            return areas.first { Self.contains($0.corners, position) }?.community ?? .outside
        }
        // "12 Example Way, Banning" without a city of its own.
        let parts = (location.address ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        return parts.reversed().lazy.compactMap { byCity[$0] }.first ?? .outside
    }

    /// Counts the edges that a ray to the east crosses.
    private static func contains(_ corners: [Position], _ point: Position) -> Bool {
        var isInside = false
        var previous = corners.count - 1
        for index in corners.indices {
            let (a, b) = (corners[index], corners[previous])
            if (a.latitude > point.latitude) != (b.latitude > point.latitude) {
                let share = (point.latitude - a.latitude) / (b.latitude - a.latitude)
                if point.longitude < a.longitude + share * (b.longitude - a.longitude) { isInside.toggle() }
            }
            previous = index
        }
        return isInside
    }

    private struct Document: Decodable {
        let communities: [Entry]
    }

    private struct Entry: Decodable {
        let id: String
        let cities: [String]?
        let polygon: [[Double]]?
    }
}
