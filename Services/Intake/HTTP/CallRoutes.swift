import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// `GET /v1/calls/{id}`: a call as it stands, with every version that came.
///
/// For operators and supervisors, and for the CAD of the call's own agency; a supervisor of one agency sees its calls.
struct CallRoutes {
    let database: PostgresClient

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/v1/calls/{call}") { _, context in
            let principal = try context.require(.operator, .supervisor, .cad)
            let id: CallID = try context.identifier("call")
            guard let history = try await history(of: id) else { throw Problem.notFound("there is no such call") }
            guard principal.actsFor(history.call.agency) else {
                throw Problem.forbidden("the call is another agency's")
            }
            return JSONBody(history)
        }
    }

    private func history(of id: CallID) async throws -> CallHistory? {
        let rows = try await database.query(
            """
            select c.snapshot, v.snapshot, v.is_late, v.handled_at
            from calls c join call_versions v on v.call_id = c.id
            where c.id = \(id.uuid) order by v.version
            """)
        var current: CallSnapshot?
        var versions: [CallHistory.Version] = []
        for row in rows {
            let (now, version, isLate, handledAt) = try row.decode(JSONB.self, JSONB.self, Bool.self, Date.self)
            current = try ContractJSON.decode(CallSnapshot.self, from: now.bytes)
            versions.append(
                .init(
                    call: try ContractJSON.decode(CallSnapshot.self, from: version.bytes), isLate: isLate,
                    handledAt: handledAt))
        }
        return current.map { CallHistory(call: $0, versions: versions) }
    }
}

struct CallHistory: Encodable {
    let call: CallSnapshot
    let versions: [Version]

    struct Version: Encodable {
        let call: CallSnapshot
        /// It came after a newer one and changed nothing.
        let isLate: Bool
        let handledAt: Date
    }
}
