import Contracts
import ServiceKit

extension Principal {
    /// The pair's agency and the one whose call it is see an assignment, and who acts for all.
    func maySee(_ assignment: AssignmentSnapshot) -> Bool {
        actsFor(assignment.unitAgency) || actsFor(assignment.callAgency)
    }
}
