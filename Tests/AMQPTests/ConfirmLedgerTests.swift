import Foundation
import Testing

@testable import AMQP

@Suite struct ConfirmLedgerTests {
    private var ledger = ConfirmLedger()

    init() {
        for id in 1...6 {
            ledger.publish(
                Publication(
                    exchange: "e", routingKey: "k", body: Data(), properties: MessageProperties(messageID: "\(id % 2)"))
            )
        }
    }

    private func address(_ id: Int) -> ConfirmLedger.Address {
        ConfirmLedger.Address(exchange: "e", routingKey: "k", messageID: "\(id)")
    }

    @Test("a tag counts as settled only when all before it are")
    mutating func outOfOrder() throws {
        try ledger.settle(2, multiple: false, rejection: nil)
        try ledger.settle(3, multiple: false, rejection: .nacked)
        #expect(!ledger.isSettled(through: 1))
        try ledger.settle(1, multiple: false, rejection: nil)
        #expect(ledger.isSettled(through: 3))
        #expect(!ledger.isSettled(through: 4))
        #expect(ledger.takeRejections(through: 3) == [3: .nacked])
    }

    @Test("a refusal of many spares what was settled before it, and zero means all")
    mutating func multiple() throws {
        try ledger.settle(2, multiple: false, rejection: nil)
        try ledger.settle(3, multiple: true, rejection: .nacked)
        try ledger.settle(0, multiple: true, rejection: nil)
        #expect(ledger.isSettled(through: 6))
        #expect(ledger.takeRejections(through: 6) == [1: .nacked, 3: .nacked])
    }

    @Test("returns of messages alike are told apart by their order, and stay rejections when confirmed")
    mutating func returns() throws {
        let why = Rejection.returned(code: 312, text: "NO_ROUTE")
        try ledger.giveBack(address(0), why)
        try ledger.giveBack(address(0), why)
        try ledger.settle(6, multiple: true, rejection: nil)
        #expect(ledger.takeRejections(through: 3) == [2: why])
        #expect(ledger.takeRejections(through: 6) == [4: why])
    }

    @Test("what was never published cannot be confirmed", arguments: [(7, true), (7, false), (.max, true), (0, false)])
    mutating func unknown(tag: UInt64, multiple: Bool) throws {
        do {
            try ledger.settle(tag, multiple: multiple, rejection: nil)
            Issue.record("tag \(tag) was taken")
        } catch {
            #expect(error.code == .protocolViolation)
        }
    }

    @Test("what was never published cannot be returned")
    mutating func unknownReturn() throws {
        do {
            try ledger.giveBack(address(9), .nacked)
            Issue.record("the return was taken")
        } catch {
            #expect(error.code == .protocolViolation)
        }
    }
}
