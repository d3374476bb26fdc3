import Testing

@Suite("The model of the messaging core")
struct MessagingModelTests {
    /// What is small in one scope is larger in another. Each is explored to the last state.
    struct Scope: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bounds: MessagingModel.Bounds
        let leastStates: Int
    }

    static let scopes = [
        Scope(
            testDescription: "two calls of two versions, two faults",
            bounds: .init(faults: 2), leastStates: 400_000),
        Scope(
            testDescription: "windows and batches of two, three events, one fault",
            bounds: .init(versions: [2, 1], window: 2, batch: 2, faults: 1), leastStates: 60_000),
        Scope(
            testDescription: "windows and batches of two, two calls, two faults",
            bounds: .init(versions: [1, 1], window: 2, batch: 2, faults: 2), leastStates: 25_000),
        Scope(
            testDescription: "windows and batches of two, two versions of one call, two faults",
            bounds: .init(versions: [2, 0], window: 2, batch: 2, faults: 2), leastStates: 25_000),
    ]

    @Test("nothing is lost, doubled, made up or set back, and all comes to rest by itself", arguments: scopes)
    func holds(_ scope: Scope) throws {
        var exploration: Exploration<MessagingModel>?
        let time = try ContinuousClock().measure { exploration = try Exploration(of: MessagingModel(scope.bounds)) }
        let explored = try #require(exploration)
        print(
            "\(scope.testDescription): \(explored.states.count) states, \(explored.stepCount) steps,",
            "\(explored.restCount) at rest, \(time)")
        #expect(explored.states.count > scope.leastStates)
        #expect(explored.restCount > 10)
    }

    @Test("a state is bytes without padding, as its comparison takes for granted")
    func isBytes() {
        #expect(MemoryLayout<MessagingState>.alignment == 1)
    }
}
