/// Visits every state that a system can reach, nearest first.
///
/// Guarantee: when it succeeds, no reachable state is flawed, each state at rest is as it must be, and from every state
/// the system comes to rest by itself. When it fails, no shorter way leads to a flawed state.
struct Exploration<System: TransitionSystem> {
    let system: System
    private(set) var states: [System.State] = []
    private(set) var stepCount = 0
    private(set) var restCount = 0
    private var numbers: [System.State: Int] = [:]
    /// From where each state was reached first.
    private var parents: [Int] = []
    /// The states that each state leads to by itself; those of state n end at `ends[n]`.
    private var successors: [Int] = []
    private var ends: [Int] = []

    init(of system: System) throws(Counterexample) {
        self.system = system
        try visit(system.initial, from: 0)
        var number = 0
        while number < states.count {
            try expand(number)
            number += 1
        }
        try checkThatAllComeToRest()
    }

    private mutating func expand(_ number: Int) throws(Counterexample) {
        let firstSuccessor = successors.count
        for (step, next) in system.steps(from: states[number]) {
            stepCount += 1
            let successor = try visit(next, from: number)
            if !step.isFromOutside { successors.append(successor) }
        }
        ends.append(successors.count)
        if successors.count == firstSuccessor {
            restCount += 1
            if let flaw = system.flaw(atRest: states[number]) { throw counterexample(flaw, at: number) }
        }
    }

    @discardableResult
    private mutating func visit(_ state: System.State, from parent: Int) throws(Counterexample) -> Int {
        if let known = numbers[state] { return known }
        let number = states.count
        numbers[state] = number
        states.append(state)
        parents.append(parent)
        if let flaw = system.flaw(in: state) { throw counterexample(flaw, at: number) }
        return number
    }

    /// Backwards from the states at rest. Steps mostly lead to later numbers, so two or three sweeps do.
    private func checkThatAllComeToRest() throws(Counterexample) {
        var comesToRest = [Bool](repeating: false, count: states.count)
        var changed = true
        while changed {
            changed = false
            for number in states.indices.reversed() where !comesToRest[number] {
                let own = successors[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
                guard own.isEmpty || own.contains(where: { comesToRest[$0] }) else { continue }
                comesToRest[number] = true
                changed = true
            }
        }
        if let stuck = comesToRest.firstIndex(of: false) { throw counterexample("It never comes to rest.", at: stuck) }
    }

    /// Steps are not kept: between two known states they are found again.
    private func counterexample(_ flaw: String, at number: Int) -> Counterexample {
        var steps: [String] = []
        var number = number
        while number != 0 {
            let parent = parents[number]
            for (step, next) in system.steps(from: states[parent]) where next == states[number] {
                steps.append(step.description)
                break
            }
            number = parent
        }
        return Counterexample(flaw: flaw, steps: steps.reversed())
    }
}
