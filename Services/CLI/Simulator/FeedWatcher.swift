import Contracts
import Foundation

/// Follows one partner's feed from a position on. What it yields is all that the partner may know.
struct FeedWatcher {
    let client: APIClient
    private(set) var position: Int
    /// How often in a row there was no answer: the service may be on its way back.
    private var silences = 0
    private static let mostSilences = 20

    init(client: APIClient, from position: Int) {
        self.client = client
        self.position = position
    }

    struct Item {
        let type: String
        let data: Data
    }

    /// New items since the last time; [] when there are none.
    mutating func next() async throws -> [Item] {
        let page: Data
        do {
            page = try await client.get("/v1/feed?after=\(position)&limit=500")
            silences = 0
        } catch is CommandFailure where silences < Self.mostSilences {
            silences += 1
            return []
        }
        guard let object = try JSONSerialization.jsonObject(with: page) as? [String: Any],
            let items = object["items"] as? [[String: Any]], let next = object["next"] as? Int
        else { throw CommandFailure("the feed's answer has no items") }
        position = next
        return try items.compactMap { item in
            guard let type = item["type"] as? String, let data = item["data"] else { return nil }
            return Item(type: type, data: try JSONSerialization.data(withJSONObject: data))
        }
    }
}
