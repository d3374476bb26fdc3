import Contracts
import Foundation
import Hummingbird
import ServiceKit

extension DirectoryRoutes {
    /// Lets any role in, and takes the directory and the latest observations as they are now.
    func begin(_ request: Request, _ context: APIContext) async throws -> (HSDSQuery, HSDSDocument) {
        try context.require()
        let reader = QueryReader(request)
        var query = HSDSQuery()
        query.page = try reader.number("page", in: 1...1_000_000) ?? 1
        query.perPage = try reader.number("per_page", in: 1...200) ?? 50
        query.search = reader.text("search")
        query.isFull = try reader.flag("full")
        query.isMinimal = try reader.flag("minimal")
        switch reader.text("format") {
        case nil, "json": break
        case "ndjson": query.isLineByLine = true
        default: throw Problem.badRequest("invalid-parameter", "`format` must be json or ndjson")
        }
        let directory = source.current
        return (query, HSDSDocument(directory: directory, capacity: try await self.reader.capacity(directory)))
    }

    /// The filters on services, all of which must hold.
    func wanted(_ reader: QueryReader) throws(Problem) -> (ResourceService) -> Bool {
        let directory = source.current
        let organization = try reader.id("organization_id")
        let modifiedAfter = try reader.time("modified_after")
        let taxonomy = try reader.id("taxonomy_id")
        let term = try reader.id("taxonomy_term_id")
        let need = directory.taxonomy.terms.first { $0.id == term }?.need
        return { service in
            (organization == nil || service.organization == organization)
                && (modifiedAfter.map { service.lastModified > $0 } ?? true)
                && (taxonomy == nil || taxonomy == directory.taxonomy.id)
                && (term == nil || need.map(service.needs.contains) ?? false)
        }
    }

    func show(_ service: ResourceService, _ query: HSDSQuery, _ document: HSDSDocument) -> HSDSValue {
        if query.isMinimal {
            return [
                "id": .id(service.id), "name": .text(service.name), "status": .text(service.status),
                "last_modified": .text(ContractJSON.timestamp(service.lastModified)),
            ]
        }
        return query.isFull ? document.service(service) : document.summary(service)
    }

    func answer(_ all: [HSDSValue], _ query: HSDSQuery) throws -> Response {
        let page = HSDSPage(all, query)
        let body = query.isLineByLine ? try page.lines : nil
        return Response(
            status: .ok,
            headers: [.contentType: query.isLineByLine ? "application/x-ndjson" : "application/json"],
            body: .init(
                byteBuffer: ByteBuffer(bytes: try body.map { Data($0.utf8) } ?? ContractJSON.encode(page.document))))
    }

    func one(
        _ context: APIContext, _ what: String, _ find: (UUID) -> HSDSValue?
    ) throws -> JSONBody<HSDSValue> {
        guard let id = UUID(uuidString: context.parameters.get("id") ?? ""), let found = find(id) else {
            throw Problem.notFound("there is no such \(what)")
        }
        return JSONBody(found)
    }
}
