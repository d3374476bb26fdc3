import Testing

/// The checker itself, on systems small enough to see through.
@Suite("The model checker")
struct ExplorationTests {
    /// Walks along edges between numbers, from 0.
    private struct Walk: TransitionSystem {
        var edges: [Int: [Int]]
        var invitations: [Int: [Int]] = [:]
        var forbidden: Set<Int> = []
        var noRest: Set<Int> = []

        struct Edge: ModelStep {
            let description: String
            let isFromOutside: Bool
        }

        var initial: Int { 0 }

        func steps(from state: Int) -> [(step: Edge, next: Int)] {
            func steps(_ edges: [Int: [Int]], isFromOutside: Bool) -> [(step: Edge, next: Int)] {
                edges[state, default: []].map {
                    (Edge(description: "\(state) to \($0)", isFromOutside: isFromOutside), $0)
                }
            }
            return steps(edges, isFromOutside: false) + steps(invitations, isFromOutside: true)
        }

        func flaw(in state: Int) -> String? { forbidden.contains(state) ? "forbidden" : nil }
        func flaw(atRest state: Int) -> String? { noRest.contains(state) ? "no place to rest" : nil }
    }

    @Test("it visits every reachable state once, and only those")
    func visitsAll() throws {
        let exploration = try Exploration(of: Walk(edges: [0: [1, 2], 1: [3], 2: [3], 7: [8]]))
        #expect(exploration.states == [0, 1, 2, 3])
        #expect(exploration.stepCount == 4)
        #expect(exploration.restCount == 1)
    }

    @Test("it shows a shortest way to a forbidden state")
    func findsShortest() throws {
        let walk = Walk(edges: [0: [1, 2], 1: [3], 3: [9], 2: [9]], forbidden: [9])
        let found = try #require(throws: Counterexample.self) { try Exploration(of: walk) }
        #expect(found.steps == ["0 to 2", "2 to 9"])
        #expect(found.flaw == "forbidden")
    }

    @Test("a state is at rest when only something from outside could go on")
    func knowsRest() throws {
        let walk = Walk(edges: [0: [1]], invitations: [1: [2]], noRest: [1])
        let found = try #require(throws: Counterexample.self) { try Exploration(of: walk) }
        #expect(found.steps == ["0 to 1"])
        #expect(found.flaw == "no place to rest")
    }

    @Test("a circle without a way out is found, and one with a way out is allowed")
    func findsCircles() throws {
        _ = try Exploration(of: Walk(edges: [0: [1], 1: [0, 2]]))
        let circle = Walk(edges: [0: [1, 3], 1: [2], 2: [1]], invitations: [2: [3]])
        let found = try #require(throws: Counterexample.self) { try Exploration(of: circle) }
        #expect(found.steps == ["0 to 1"])
        #expect(found.flaw == "It never comes to rest.")
    }
}
