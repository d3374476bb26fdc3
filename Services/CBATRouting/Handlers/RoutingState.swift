import Contracts
import Foundation

/// Everything a batch may touch, and what it changed.
struct RoutingState: Sendable {
    /// For the whole batch, whatever is reloaded meanwhile.
    let roster: Roster
    private(set) var calls: [CallID: RoutedCall]
    private(set) var assignments: [AssignmentID: Assignment]
    private(set) var pairs: [String: PairState]
    private(set) var ledger: ClinicianLedger
    private(set) var exceptions: [RosterException]
    private(set) var closure: RoadClosure
    private(set) var changes = Changes()

    /// What is to be written.
    struct Changes: Sendable {
        var calls: Set<CallID> = []
        var assignments: Set<AssignmentID> = []
        var pairs: Set<String> = []
        var entries: [ClinicianLedger.Entry] = []
        var decisions: [RoutingDecision] = []
        var exceptions: [RosterException] = []
        var withdrawn: [UUID] = []
        var isClosureChanged = false
    }

    init(
        roster: Roster, calls: [RoutedCall] = [], assignments: [Assignment] = [], pairs: [PairState] = [],
        ledger: ClinicianLedger = ClinicianLedger(), exceptions: [RosterException] = [],
        closure: RoadClosure = RoadClosure()
    ) {
        self.roster = roster
        self.calls = Dictionary(calls.map { ($0.id, $0) }) { _, last in last }
        self.assignments = Dictionary(assignments.map { ($0.id, $0) }) { _, last in last }
        self.pairs = Dictionary(pairs.map { ($0.pairing, $0) }) { _, last in last }
        self.ledger = ledger
        self.exceptions = exceptions
        self.closure = closure
    }

    mutating func put(_ call: RoutedCall) {
        calls[call.id] = call
        changes.calls.insert(call.id)
    }

    mutating func put(_ assignment: Assignment) {
        assignments[assignment.id] = assignment
        changes.assignments.insert(assignment.id)
    }

    mutating func put(_ pair: PairState) {
        pairs[pair.pairing] = pair
        changes.pairs.insert(pair.pairing)
    }

    mutating func put(_ exception: RosterException) {
        exceptions.append(exception)
        changes.exceptions.append(exception)
    }

    mutating func withdraw(_ exception: RosterException) {
        exceptions.removeAll { $0.id == exception.id }
        changes.withdrawn.append(exception.id)
    }

    mutating func put(_ closure: RoadClosure) {
        self.closure = closure
        changes.isClosureChanged = true
    }

    mutating func record(_ entry: ClinicianLedger.Entry) {
        ledger.add(entry.minutes, of: entry.clinician, in: entry.community)
        changes.entries.append(entry)
    }

    mutating func record(_ decision: RoutingDecision) {
        changes.decisions.append(decision)
    }
}

extension RoutingState {
    func pair(_ pairing: String) -> PairState {
        pairs[pairing] ?? PairState(pairing: pairing)
    }

    /// The pair whose car this is: the one at work in it, for the roster may have been edited since, else the roster's.
    func pairing(agency: AgencyID, unit: String) -> String? {
        activeAssignments.first { $0.snapshot.unitAgency == agency && $0.snapshot.unit == unit }?.snapshot.pairing
            ?? roster.pairing(agency: agency, unit: unit)?.id
    }

    var activeAssignments: [Assignment] {
        assignments.values.filter(\.isActive).sorted { $0.id < $1.id }
    }

    func activeAssignment(ofPairing id: String) -> Assignment? {
        assignments.values.first { $0.isActive && $0.snapshot.pairing == id }
    }

    func activeAssignment(ofCall call: CallID) -> Assignment? {
        assignments.values.first { $0.isActive && $0.snapshot.call == call }
    }

    /// The call whose assignment covers this one: itself, unless it joined another.
    func root(of call: CallID) -> CallID {
        guard let known = calls[call], known.standing == .joined, let root = known.joinedTo else { return call }
        return root
    }

    /// The calls that joined this one, in a fixed order.
    func calls(joinedTo root: CallID) -> [RoutedCall] {
        calls.values.filter { $0.standing == .joined && $0.joinedTo == root }.sorted { $0.id < $1.id }
    }
}
