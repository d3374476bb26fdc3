import Contracts

extension DisclosurePolicy {
    /// Every event must have its fields classified exactly once, and every pattern must mean some event: what does not
    /// would hide more, or other things, than its author believes. Archived policies are not checked; the catalog grows.
    ///
    /// - Throws: ``PolicyError`` naming the event or the partner class.
    func check(against events: [String], file: String) throws(PolicyError) {
        func error(_ what: String) -> PolicyError { PolicyError(file: file, line: nil, what: what) }
        for event in events {
            let count = fields.filter { $0.events.matches(event) }.count
            guard count > 0 else { throw error("the fields of \(event) have no classes; add an entry to `fields`") }
            guard count == 1 else { throw error("\(event) is in two entries of `fields`; only the first would count") }
        }
        for (name, partner) in partners.sorted(by: { $0.key < $1.key }) {
            for pattern in partner.events + partner.withConsent where !events.contains(where: pattern.matches) {
                throw error("partner class \(name) names \(pattern), and there is no such event")
            }
        }
    }
}
