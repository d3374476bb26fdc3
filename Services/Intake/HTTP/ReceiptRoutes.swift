import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// `GET /v1/receipts?after=&limit=`: every receipt of an agency, in the order they were given.
///
/// A CAD reads its own agency's; an operator names one with `agency`.
struct ReceiptRoutes {
    let database: PostgresClient

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/receipts") { request, context in
            let principal = try context.require(.operator, .cad)
            let query = request.uri.queryParameters
            guard let agency = principal.agency?.rawValue ?? query.get("agency") else {
                throw Problem.badRequest("agency-missing", "say whose receipts: ?agency=…")
            }
            guard let after = Int(query.get("after") ?? "0"), after >= 0 else {
                throw Problem.badRequest("invalid-parameter", "`after` must be a receipt's position, 0 or more")
            }
            let limit = min(max(query.get("limit", as: Int.self) ?? 100, 1), 1000)
            let rows = try await database.query(
                """
                select position, receipt from receipts
                where agency = \(agency) and position > \(after) order by position limit \(limit)
                """)
            let items = try rows.map { row in
                let (position, receipt) = try row.decode(Int.self, JSONB.self)
                return ReceiptPage.Item(
                    position: position, receipt: try ContractJSON.decode(Receipt.self, from: receipt.bytes))
            }
            return JSONBody(ReceiptPage(items: items, next: items.last?.position ?? after))
        }
    }
}

struct ReceiptPage: Encodable {
    let items: [Item]
    /// Give this as `after` to read on.
    let next: Int

    struct Item: Encodable {
        let position: Int
        let receipt: Receipt
    }
}
