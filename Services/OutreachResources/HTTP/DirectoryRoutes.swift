import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// The resource directory as the HSDS 3.1 API: the required endpoints and the optional lists. Open to every role.
struct DirectoryRoutes: Sendable {
    let source: DirectorySource
    let reader: CareReader

    func add(to routes: RouterGroup<APIContext>) {
        routes.get("/", use: about)
        routes.get("services", use: services)
        routes.get("services/{id}", use: service)
        routes.get("organizations", use: organizations)
        routes.get("organizations/{id}", use: organization)
        routes.get("service_at_locations", use: places)
        routes.get("service_at_locations/{id}", use: place)
        routes.get("taxonomies", use: taxonomies)
        routes.get("taxonomies/{id}", use: taxonomy)
        routes.get("taxonomy_terms", use: terms)
        routes.get("taxonomy_terms/{id}", use: term)
    }

    @Sendable private func about(_ request: Request, _ context: APIContext) async throws -> JSONBody<HSDSValue> {
        try context.require()
        return JSONBody([
            "version": "3.1",
            "profile": "https://docs.openreferral.org/en/v3.1.0/hsds/",
            "openapi_url":
                "https://raw.githubusercontent.com/openreferral/specification/3.1/schema/openapi.json",
        ])
    }

    @Sendable private func services(_ request: Request, _ context: APIContext) async throws -> Response {
        let (query, document) = try await begin(request, context)
        let wanted = try self.wanted(QueryReader(request))
        let services = document.directory.services.filter {
            wanted($0) && query.matches($0.name, $0.description, $0.eligibility)
        }
        return try answer(services.map { show($0, query, document) }, query)
    }

    @Sendable private func service(_ request: Request, _ context: APIContext) async throws -> JSONBody<HSDSValue> {
        let (_, document) = try await begin(request, context)
        return try one(context, "service") { document.directory.service($0).map(document.service) }
    }

    @Sendable private func organizations(_ request: Request, _ context: APIContext) async throws -> Response {
        let (query, document) = try await begin(request, context)
        let wanted = try self.wanted(QueryReader(request))
        let services = document.directory.services.filter(wanted)
        let isFull = try query.isFull || QueryReader(request).flag("full_service")
        let found = document.directory.organizations.filter { organization in
            services.contains { $0.organization == organization.id }
                && query.matches(organization.name, organization.description)
        }
        return try answer(
            found.map { isFull ? document.organizationWithServices($0) : document.organization($0) }, query)
    }

    @Sendable private func organization(
        _ request: Request, _ context: APIContext
    ) async throws -> JSONBody<HSDSValue> {
        let (_, document) = try await begin(request, context)
        return try one(context, "organization") {
            document.directory.organization($0).map(document.organizationWithServices)
        }
    }

    @Sendable private func places(_ request: Request, _ context: APIContext) async throws -> Response {
        let (query, document) = try await begin(request, context)
        let reader = QueryReader(request)
        let wanted = try self.wanted(reader)
        guard reader.text("proximity") == nil else {
            throw Problem.badRequest("unsupported-parameter", "`proximity` needs a geocoder, which this server has not")
        }
        let postcode = reader.text("postcode")
        let found = document.directory.services.filter(wanted).flatMap { service in
            service.sites.filter { place in
                let site = document.directory.location(place.location)
                return (postcode == nil || site?.address?.postalCode == postcode)
                    && query.matches(service.name, site?.name)
            }.map { document.place($0, of: service, nesting: true) }
        }
        return try answer(found, query)
    }

    @Sendable private func place(_ request: Request, _ context: APIContext) async throws -> JSONBody<HSDSValue> {
        let (_, document) = try await begin(request, context)
        return try one(context, "service at location") { id in
            for service in document.directory.services {
                guard let place = service.sites.first(where: { $0.id == id }) else { continue }
                return document.place(place, of: service, nesting: true)
            }
            return nil
        }
    }

    @Sendable private func taxonomies(_ request: Request, _ context: APIContext) async throws -> Response {
        let (query, document) = try await begin(request, context)
        let taxonomy = document.directory.taxonomy
        return try answer(
            query.matches(taxonomy.name, taxonomy.description) ? [document.taxonomy(taxonomy)] : [], query)
    }

    @Sendable private func taxonomy(_ request: Request, _ context: APIContext) async throws -> JSONBody<HSDSValue> {
        let (_, document) = try await begin(request, context)
        let taxonomy = document.directory.taxonomy
        return try one(context, "taxonomy") { $0 == taxonomy.id ? document.taxonomy(taxonomy) : nil }
    }

    @Sendable private func terms(_ request: Request, _ context: APIContext) async throws -> Response {
        let (query, document) = try await begin(request, context)
        let taxonomy = document.directory.taxonomy
        let asked = try QueryReader(request).id("taxonomy_id")
        let terms = taxonomy.terms.filter {
            (asked == nil || asked == taxonomy.id) && query.matches($0.name, $0.description, $0.need.rawValue)
        }
        return try answer(terms.map(document.term), query)
    }

    @Sendable private func term(_ request: Request, _ context: APIContext) async throws -> JSONBody<HSDSValue> {
        let (_, document) = try await begin(request, context)
        return try one(context, "taxonomy term") { id in
            document.directory.taxonomy.terms.first { $0.id == id }.map(document.term)
        }
    }
}
