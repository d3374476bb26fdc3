import Contracts
import Foundation
import Testing

@testable import OutreachResources

@Suite("A referral")
struct ReferralTests {
    @Test("has the ten states of FHIR's task that referrals use")
    func states() {
        #expect(
            Set(ReferralStatus.allCases.map(\.rawValue)) == [
                "draft", "requested", "accepted", "rejected", "cancelled", "in-progress", "on-hold", "failed",
                "completed", "entered-in-error",
            ])
    }

    @Test("refuses every step that is not in the table", arguments: ReferralStatus.allCases, ReferralStatus.allCases)
    func transitions(from: ReferralStatus, to: ReferralStatus) throws {
        for voice in ReferralVoice.allCases {
            var referral = sample(from)
            if from.next.contains(to) && to.voices.contains(voice) {
                try referral.move(to: to, by: voice, reason: "test", at: Samples.now + 60)
                #expect(referral.state == to)
                #expect(referral.version == 4)
                #expect(referral.updatedAt == Samples.now + 60)
            } else {
                #expect(throws: ReferralRefusal.self) {
                    try referral.move(to: to, by: voice, reason: "test", at: Samples.now + 60)
                }
                #expect(referral == sample(from))
            }
        }
    }

    @Test("is completed only when the receiving side or the person says so")
    func completion() {
        #expect(ReferralStatus.completed.voices == [.receiver, .person])
        var referral = sample(.inProgress)
        #expect(throws: ReferralRefusal.notTheirs(.completed, .staff)) {
            try referral.move(to: .completed, by: .staff, reason: nil, at: Samples.now)
        }
    }

    @Test("is final once it ended", arguments: ReferralStatus.allCases)
    func ends(status: ReferralStatus) {
        let isEnd = [.rejected, .cancelled, .failed, .completed, .enteredInError].contains(status)
        #expect(status.isFinal == isEnd)
    }

    private func sample(_ status: ReferralStatus) -> ReferralSnapshot {
        ReferralSnapshot(
            id: ReferralID(.v5("test", "referral")), version: 3, episode: Samples.episode, call: Samples.call,
            agency: "beaumont-pd", community: .beaumont, need: .food, service: .v5("test", "service"),
            status: status.rawValue, updatedAt: Samples.now)
    }
}
