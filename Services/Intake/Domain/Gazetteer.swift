import Contracts
import Foundation

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
        var byCity: [String: Community] = [:]
        var areas: [(Community, [Position])] = []
        for (line, entry) in try ConfigurationList<Entry>("communities", yaml: text, file: file).entries {
            func problem(_ what: String) -> ConfigurationProblem {
                ConfigurationProblem(file: file, line: line, what: what)
            }
            let community = Community(rawValue: entry.id)
            guard community.isKnown else {
                let known = Community.allCases.map(\.rawValue).joined(separator: ", ")
                throw problem("\(entry.id) is not a community; use one of \(known)")
            }
            for city in entry.cities ?? [] {
                let other = byCity.updateValue(community, forKey: city.lowercased())
                guard other == nil else { throw problem("the city \(city) is already in \(other ?? community)") }
            }
            guard let polygon = entry.polygon else { continue }
            guard polygon.count >= 3, polygon.allSatisfy(Self.isPosition) else {
                throw problem("the polygon of \(entry.id) needs three or more corners as [latitude, longitude]")
            }
            areas.append((community, polygon.map { Position(latitude: $0[0], longitude: $0[1]) }))
        }
        self.byCity = byCity
        self.areas = areas
    }

    private static func isPosition(_ corner: [Double]) -> Bool {
        corner.count == 2 && (-90...90).contains(corner[0]) && (-180...180).contains(corner[1])
    }

    /// - Parameter own: the community when neither city, position nor address says one.
    func community(of location: CADLocation, else own: Community = .outside) -> Community {
        if let city = location.city?.lowercased(), let community = byCity[city] { return community }
        if let latitude = location.latitude, let longitude = location.longitude {
            let position = Position(latitude: latitude, longitude: longitude)
            return areas.first { Self.contains($0.corners, position) }?.community ?? .outside
        }
        // "12 Example Way, Banning" without a city of its own.
        let parts = (location.address ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        return parts.reversed().lazy.compactMap { byCity[$0] }.first ?? (location.city == nil ? own : .outside)
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

    private struct Entry: Decodable {
        let id: String
        let cities: [String]?
        let polygon: [[Double]]?
    }
}
