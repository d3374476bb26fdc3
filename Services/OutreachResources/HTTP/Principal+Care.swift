import Contracts
import ServiceKit

extension Principal {
    /// Whether one of these agencies is the principal's own. Who acts for all of them has none.
    func actsForOne(of agencies: [AgencyID]) -> Bool {
        agency.map(agencies.contains) ?? true
    }

    /// - Throws: 403, unless a record of these agencies is the principal's. What does not exist is nobody's: nil passes,
    ///   and whoever looks for it is told that there is no such thing.
    func require(oneOf agencies: [AgencyID]?) throws(Problem) {
        guard let agencies, !actsForOne(of: agencies) else { return }
        throw .forbidden("this belongs to another agency")
    }
}
