import Contracts
import Foundation

// The parts of a service that HSDS gives rows of their own. Their ids follow from what they are part of, so they stay
// the same as long as the entry does.

extension HSDSDocument {
    func phone(_ number: String, of service: ResourceService) -> HSDSValue {
        ["id": derived("phone", service, number), "number": .text(number), "service_id": .id(service.id)]
    }

    func language(_ code: String, of service: ResourceService) -> HSDSValue {
        let name = Locale(identifier: "en").localizedString(forIdentifier: code) ?? code
        return [
            "id": derived("language", service, code), "service_id": .id(service.id), "code": .text(code),
            "name": .text(name),
        ]
    }

    func schedule(_ hours: OpeningHours) -> HSDSValue {
        [
            "id": .id(hours.id),
            "freq": "WEEKLY",
            "wkst": "MO",
            "byday": .text(hours.days.map(\.name).joined(separator: ",")),
            "opens_at": .text(clock(hours.opens)),
            "closes_at": .text(clock(hours.closes)),
            "notes": .text("Local time, \(hours.timeZone.identifier)"),
        ]
    }

    func area(_ community: Community, of service: ResourceService) -> HSDSValue {
        [
            "id": derived("service_area", service, community.rawValue), "service_id": .id(service.id),
            "name": .text(community.rawValue),
        ]
    }

    func address(_ address: Site.Address, of site: Site) -> HSDSValue {
        [
            "id": .id(.v5("address", site.id.uuidString)),
            "location_id": .id(site.id),
            "address_1": .text(address.line),
            "city": .text(address.city),
            "state_province": .text(address.state),
            "postal_code": .text(address.postalCode),
            "country": .text(address.country),
            "address_type": "physical",
        ]
    }

    func need(_ need: Need, of service: ResourceService) -> HSDSValue? {
        guard let term = directory.term(need) else { return nil }
        return [
            "id": derived("attribute", service, need.rawValue),
            "link_id": .id(service.id),
            "link_entity": "service",
            "link_type": "need",
            "value": .text(need.rawValue),
            "taxonomy_term_id": .id(term.id),
            "taxonomy_term": self.term(term),
        ]
    }

    /// HSDS has no field for whether a person on a hold or in custody is taken; an attribute says it.
    func legalStatuses(of service: ResourceService) -> [HSDSValue] {
        service.legalStatuses.map { status in
            [
                "id": derived("legal_status", service, status.rawValue),
                "link_id": .id(service.id),
                "link_entity": "service",
                "link_type": "legal_status",
                "label": "Legal status accepted",
                "value": .text(status.rawValue),
            ]
        }
    }

    /// The latest count, with its time and source; nothing when nobody counted: an absent number is not zero.
    func observedCapacity(of service: ResourceService) -> HSDSValue? {
        guard let unit = service.capacityUnit, let seen = capacity[service.id], let count = seen.count else {
            return nil
        }
        return [
            "id": derived("capacity", service, ContractJSON.timestamp(seen.observedAt)),
            "service_id": .id(service.id),
            "unit": ["id": .id(.v5("unit", unit)), "name": .text(unit)],
            "available": .number(count),
            "updated": .text(ContractJSON.timestamp(seen.observedAt)),
            "description": .text("Observed, source: \(seen.source)"),
        ]
    }

    private func derived(_ kind: String, _ service: ResourceService, _ what: String) -> HSDSValue {
        .id(.v5(kind, service.id.uuidString, what))
    }

    private func clock(_ minutes: Int) -> String {
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
