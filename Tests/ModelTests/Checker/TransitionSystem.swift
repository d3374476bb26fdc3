/// Something that changes step by step: what may happen next in each state, and what must never be true of one.
protocol TransitionSystem {
    associatedtype State: Hashable
    associatedtype Step: ModelStep

    var initial: State { get }

    /// Everything that may happen next, each with the state it leads to.
    func steps(from state: State) -> [(step: Step, next: State)]

    /// What is wrong with a state, in words for people; nil when it may be.
    func flaw(in state: State) -> String?

    /// What is wrong with a state in which the system has come to rest.
    func flaw(atRest state: State) -> String?
}

protocol ModelStep: CustomStringConvertible {
    /// Whether it comes from outside, a request or a fault. Such a step may happen and need not: the system is at rest
    /// when nothing else can happen, and it has to come to rest without one.
    var isFromOutside: Bool { get }
}
