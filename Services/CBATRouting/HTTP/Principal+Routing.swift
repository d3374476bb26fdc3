import Contracts
import ServiceKit

extension Principal {
    /// The agency whose units the principal may speak for; nil for all of them. Nobody in the field acts for all.
    var commandedAgency: AgencyID? {
        [.operator, .supervisor].contains(role) ? agency : agency ?? AgencyID(rawValue: "")
    }

    /// The pair's agency and the one whose call it is see an assignment, and who acts for all.
    func maySee(_ assignment: AssignmentSnapshot) -> Bool {
        guard let commandedAgency else { return true }
        return [assignment.unitAgency, assignment.callAgency].contains(commandedAgency)
    }
}
