import Contracts
import Foundation
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// `GET /v1/feed?after=&limit=`: what a partner may see, as CloudEvents in the order of the ledger.
///
/// Give `next` as `after` to read on; reading again from an earlier position replays. Every item shown is recorded as a
/// disclosure.
struct FeedRoutes {
    let partners: PartnerStore
    let reader: FeedReader

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/feed") { request, context in
            let principal = try context.require(.partner)
            guard let partner = try await partners.partner(principal.name) else {
                throw Problem.forbidden("this token belongs to no partner")
            }
            let query = request.uri.queryParameters
            guard let after = Int(query.get("after") ?? "0"), after >= 0 else {
                throw Problem.badRequest("invalid-parameter", "`after` must be a position of the feed, 0 or more")
            }
            let limit = min(max(query.get("limit", as: Int.self) ?? 100, 1), 1000)
            let page = try await reader.page(for: partner, after: after, limit: limit)
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: try Self.json(page))))
        }
    }

    /// The content is spliced in as the bytes it was rendered to.
    private static func json(_ page: FeedReader.Page) throws -> Data {
        var data = Data(#"{"items":["#.utf8)
        for (index, item) in page.items.enumerated() {
            if index > 0 { data.append(UInt8(ascii: ",")) }
            let attributes = try ContractJSON.encode(Attributes(item.event))
            data.append(attributes.dropLast())
            data.append(contentsOf: #","data":"#.utf8)
            data.append(try item.shown.data)
            data.append(UInt8(ascii: "}"))
        }
        data.append(contentsOf: #"],"next":\#(page.next)}"#.utf8)
        return data
    }

    /// CloudEvents 1.0.2 in JSON, with the ledger's position as extension.
    private struct Attributes: Encodable {
        let specversion = "1.0"
        let id: String
        let source: String
        let type: String
        let time: Date
        let datacontenttype = "application/json"
        let position: Int
        let correlationid: String?

        init(_ event: FeedEvent) {
            id = event.id.uuidString.lowercased()
            source = event.source
            type = event.type
            time = event.time
            position = event.position
            correlationid = event.correlation?.uuidString.lowercased()
        }
    }
}
