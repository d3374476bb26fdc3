import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// Partners: `POST /v1/partners` admits one and shows its token once, `GET` lists them, `DELETE /v1/partners/{partner}`
/// removes one and revokes its token. For operators.
struct PartnerRoutes {
    let partners: PartnerStore
    let classes: [String]

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("/v1/partners") { request, context in
            try context.require(.operator)
            let partner = try await request.decode(as: Partner.self, context: context)
            guard partner.id.wholeMatch(of: /[a-z0-9-]{2,40}/) != nil else {
                throw Problem.badRequest("bad-id", "a partner's id is of lower-case letters, digits and hyphens")
            }
            guard classes.contains(partner.class) else {
                throw Problem.badRequest(
                    "unknown-class", "the policy knows these partner classes: \(classes.joined(separator: ", "))")
            }
            guard let token = try await partners.add(partner) else {
                throw Problem.conflict("partner-exists", "a partner of this id exists; remove it first")
            }
            return JSONBody(Admission(partner: partner, token: token), status: .created)
        }
        routes.get("/v1/partners") { _, context in
            try context.require(.operator)
            return JSONBody(try await partners.all())
        }
        routes.delete("/v1/partners/{partner}") { _, context in
            try context.require(.operator)
            guard try await partners.remove(context.parameters.get("partner") ?? "") else {
                throw Problem.notFound("there is no such partner")
            }
            return Response(status: .noContent)
        }
    }

    private struct Admission: Encodable {
        let partner: Partner
        /// Shown this once; only its hash is kept.
        let token: String
    }
}
