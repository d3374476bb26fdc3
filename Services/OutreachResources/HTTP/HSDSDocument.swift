import Contracts
import Foundation

/// The directory's entries as HSDS 3.1 documents, valid against its compiled schemas.
struct HSDSDocument: Sendable {
    let directory: Directory
    let capacity: [UUID: CapacityObservation]

    /// One-to-one fields only, as lists give it.
    func summary(_ service: ResourceService) -> HSDSValue {
        let spoken = service.interprets ? "An interpreter is found for other languages" : nil
        return [
            "id": .id(service.id),
            "organization_id": .id(service.organization),
            "name": .text(service.name),
            "description": .text(service.description),
            "status": .text(service.status),
            "url": service.website.map(HSDSValue.text),
            "email": service.email.map(HSDSValue.text),
            "interpretation_services": spoken.map(HSDSValue.text),
            "application_process": service.applicationProcess.map(HSDSValue.text),
            "eligibility_description": service.eligibility.map(HSDSValue.text),
            "minimum_age": service.minimumAge.map(HSDSValue.number),
            "maximum_age": service.maximumAge.map(HSDSValue.number),
            "last_modified": .text(ContractJSON.timestamp(service.lastModified)),
            "organization": directory.organization(service.organization).map(organization),
        ]
    }

    /// The fully nested service.
    func service(_ service: ResourceService) -> HSDSValue {
        summary(service).merging([
            "phones": service.phone.map { .list([phone($0, of: service)]) },
            "languages": .list(service.languages.map { language($0, of: service) }),
            "schedules": .list(service.hours.map(schedule)),
            "service_areas": .list(service.communities.map { area($0, of: service) }),
            "service_at_locations": .list(service.sites.map { place($0, of: service, nesting: false) }),
            "attributes": .list(service.needs.compactMap { need($0, of: service) } + legalStatuses(of: service)),
            "capacities": observedCapacity(of: service).map { .list([$0]) },
        ])
    }

    func organization(_ organization: Organization) -> HSDSValue {
        [
            "id": .id(organization.id),
            "name": .text(organization.name),
            "description": .text(organization.description),
            "email": organization.email.map(HSDSValue.text),
            "website": organization.website.map(HSDSValue.text),
        ]
    }

    func organizationWithServices(_ organization: Organization) -> HSDSValue {
        let services = directory.services.filter { $0.organization == organization.id }
        return self.organization(organization).merging(["services": .list(services.map(summary))])
    }

    /// A service at a location, with the service in it where it stands alone.
    func place(_ place: ServiceAtSite, of service: ResourceService, nesting: Bool) -> HSDSValue {
        [
            "id": .id(place.id),
            "service_id": .id(service.id),
            "location_id": .id(place.location),
            "location": directory.location(place.location).map(location),
            "service": nesting ? summary(service) : nil,
        ]
    }

    func location(_ site: Site) -> HSDSValue {
        [
            "id": .id(site.id),
            "name": .text(site.name),
            "location_type": .text(site.kind),
            "latitude": site.latitude.map(HSDSValue.number),
            "longitude": site.longitude.map(HSDSValue.number),
            "addresses": site.address.map { .list([address($0, of: site)]) },
        ]
    }

    func taxonomy(_ taxonomy: Taxonomy) -> HSDSValue {
        [
            "id": .id(taxonomy.id),
            "name": .text(taxonomy.name),
            "description": .text(taxonomy.description),
            "version": .text(directory.version),
        ]
    }

    func term(_ term: Taxonomy.Term) -> HSDSValue {
        [
            "id": .id(term.id),
            "code": .text(term.need.rawValue),
            "name": .text(term.name),
            "description": .text(term.description),
            "taxonomy": .text(directory.taxonomy.name),
            "taxonomy_id": .id(directory.taxonomy.id),
            "taxonomy_detail": taxonomy(directory.taxonomy),
        ]
    }
}
