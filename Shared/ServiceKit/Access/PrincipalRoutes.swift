import Contracts
import Hummingbird
import Logging

/// `/v1/principals`: how the operator gives out tokens and takes them back.
struct PrincipalRoutes: Sendable {
    let principals: PrincipalStore

    func add(to routes: RouterGroup<APIContext>) {
        routes.post("v1/principals", use: create)
        routes.get("v1/principals", use: list)
        routes.delete("v1/principals/{name}", use: revoke)
    }

    private struct Wanted: Decodable {
        let name: String
        let role: String
        let agency: AgencyID?
    }

    private struct Created: Encodable {
        let name: String
        let role: Role
        let agency: AgencyID?
        /// Shown this once.
        let token: String
    }

    private struct Listing: Encodable {
        let principals: [PrincipalStore.Record]
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> JSONBody<Created> {
        try context.require(.operator)
        let principal = try Self.checked(try await request.decode(as: Wanted.self, context: context))
        var random = SystemRandomNumberGenerator()
        let token = Token.make(using: &random)
        guard try await principals.add(principal, tokenHash: Token.hash(token)) else {
            throw Problem.conflict("name-taken", "a principal of this name has a token in force")
        }
        context.logger.notice("principal created", metadata: ["role": "\(principal.role)"])
        return JSONBody(
            Created(name: principal.name, role: principal.role, agency: principal.agency, token: token),
            status: .created)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> JSONBody<Listing> {
        try context.require(.operator)
        return JSONBody(Listing(principals: try await principals.list()))
    }

    @Sendable private func revoke(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        try context.require(.operator)
        guard try await principals.revoke(try context.parameters.require("name")) else {
            throw Problem.notFound("no principal of this name has a token in force")
        }
        context.logger.notice("principal revoked")
        return .noContent
    }

    private static func checked(_ wanted: Wanted) throws(Problem) -> Principal {
        var faults: [Receipt.Problem] = []
        if !isName(wanted.name) {
            faults.append(
                .init(
                    pointer: "/name", code: "invalid",
                    detail: "1 to 64 lower-case letters, digits, dots and hyphens; not “operator”"))
        }
        let role = Role(rawValue: wanted.role)
        if role == nil || role == .operator {
            faults.append(
                .init(pointer: "/role", code: "invalid", detail: "one of supervisor, cad, unit and partner"))
        }
        if let role, role.needsAgency, wanted.agency == nil {
            faults.append(.init(pointer: "/agency", code: "missing", detail: "this role acts for one agency"))
        }
        guard let role, faults.isEmpty else { throw .invalid(faults) }
        return Principal(name: wanted.name, role: role, agency: wanted.agency)
    }

    private static func isName(_ text: String) -> Bool {
        let isFit = text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
        return isFit && (1...64).contains(text.utf8.count) && text != "operator"
    }
}
