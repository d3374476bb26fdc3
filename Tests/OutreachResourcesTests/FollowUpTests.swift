import Contracts
import Foundation
import Testing

@testable import OutreachResources

@Suite("A follow-up")
struct FollowUpTests {
    @Test(
        "has a window after the encounter",
        arguments: [
            ("24h", 12.0, 24.0, 48.0), ("72h", 48, 72, 120), ("7d", 120, 168, 240), ("30d", 600, 720, 1080),
            ("next-shift", 0, 0, 24),
        ])
    func windows(name: String, notBefore: Double, due: Double, expires: Double) throws {
        let followUp = try open(name)
        #expect(followUp.notBefore == Samples.now + notBefore * Samples.hour)
        #expect(followUp.due == Samples.now + due * Samples.hour)
        #expect(followUp.expires == Samples.now + expires * Samples.hour)
        #expect(followUp.state == .open)
    }

    @Test("is given up after three failed attempts, not sooner", arguments: [AttemptOutcome.notReached, .wrongContact])
    func threeAttempts(outcome: AttemptOutcome) throws {
        var followUp = try open("24h")
        for attempt in 1...3 {
            #expect(!followUp.state.isClosed)
            try followUp.record(outcome, at: followUp.due)
            #expect(followUp.attempts == attempt)
        }
        #expect(followUp.state == .notReached)
    }

    @Test("a failed attempt before the window does not count, reaching the person always does")
    func early() throws {
        var followUp = try open("7d")
        #expect(throws: FollowUpRefusal.tooEarly(followUp.notBefore)) {
            try followUp.record(.notReached, at: Samples.now)
        }
        #expect(followUp.attempts == 0)
        try followUp.record(.reached, at: Samples.now)
        #expect(followUp.state == .reached)
    }

    @Test("once closed stays closed", arguments: AttemptOutcome.allCases)
    func closed(outcome: AttemptOutcome) throws {
        var followUp = try open("24h")
        try followUp.record(.declined, at: followUp.due)
        #expect(throws: FollowUpRefusal.closed("declined")) { try followUp.record(outcome, at: followUp.due) }
    }

    @Test("becomes due, then expires, and says each once")
    func clock() throws {
        var followUp = try open("24h")
        func told(_ date: Date) -> FollowUpStatus? {
            followUp.advance(to: date) ? followUp.state : nil
        }
        #expect(told(followUp.due - 1) == nil)
        #expect(told(followUp.due) == .due)
        #expect(told(followUp.due) == nil)
        #expect(told(followUp.expires) == .expired)
        #expect(told(followUp.expires + 1) == nil)
    }

    private func open(_ window: String) throws -> FollowUpSnapshot {
        let subject = CareSubject(
            episode: Samples.episode, call: Samples.call, agency: "beaumont-pd", community: .beaumont)
        return try #require(FollowUpWindow.named(window)).opened(
            FollowUpID(.v5("test", window)), for: subject, owner: .clinician, from: Samples.now)
    }
}
