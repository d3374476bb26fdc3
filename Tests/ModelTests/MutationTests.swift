import Testing

/// Proof that the checker and the model can fail: each thing done wrong is found, with a short story of how.
@Suite("What is done wrong in the model is found")
struct MutationTests {
    struct Finding: Sendable, CustomTestStringConvertible {
        let mutation: MessagingModel.Mutation
        let faults: UInt8
        let flaw: String
        /// A step without which the story would be another.
        let telling: String
        let atMost: Int

        var testDescription: String { "\(mutation)" }
    }

    static let findings = [
        Finding(
            mutation: .acknowledgeBeforeCommit, faults: 1, flaw: "Lost: A1",
            telling: "consumer: acknowledges its batch before it commits", atMost: 10),
        Finding(
            mutation: .relayByCursor, faults: 0, flaw: "Lost: A1",
            telling: "service: commits A1 with its outbox pointer", atMost: 11),
        Finding(
            mutation: .noDeduplication, faults: 1, flaw: "Doubled: A1",
            telling: "consumer: claims its batch, fresh in it: A1", atMost: 9),
        Finding(
            mutation: .deleteBeforeConfirm, faults: 0, flaw: "Lost: A1",
            telling: "relay: deletes the pointer to A1 without a confirm", atMost: 5),
        Finding(
            mutation: .publishBeforeCommit, faults: 0, flaw: "Phantom: A1",
            telling: "service: publishes A1 inside the transaction", atMost: 2),
        Finding(
            mutation: .ignoreVersions, faults: 0, flaw: "Overwritten: call A",
            telling: "consumer: receives A2", atMost: 16),
    ]

    @Test("with a short counterexample", arguments: findings)
    func isFound(_ finding: Finding) throws {
        let bounds = MessagingModel.Bounds(versions: [2, 1], faults: finding.faults)
        let found = try #require(throws: Counterexample.self) {
            try Exploration(of: MessagingModel(bounds, finding.mutation))
        }
        print("\(finding.mutation)\n\(found)")
        #expect(found.flaw.hasPrefix(finding.flaw))
        #expect(found.steps.contains(finding.telling))
        #expect(found.steps.count <= finding.atMost)
    }

    @Test("every mutation has its finding")
    func allAreTried() {
        #expect(Set(Self.findings.map(\.mutation)) == Set(MessagingModel.Mutation.allCases))
    }
}
