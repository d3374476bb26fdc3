import Contracts
import Foundation
import Messaging

/// What intake knows about the calls and messages of one batch, and what the batch changed.
struct IntakeState: Sendable {
    /// Current versions, and the content hash of every version, of the calls in question.
    var calls: [CallID: KnownCall] = [:]
    /// Messages that were accepted before, by their agency's id.
    var handled: [MessageKey: HandledMessage] = [:]
    /// Active calls of the last while, all agencies': among them another agency's call about the same event is sought.
    var recent: [RecentCall] = []
    /// The last receipt position given out.
    var lastPosition: Int

    private(set) var newReceipts: [(position: Int, receipt: Receipt)] = []
    private(set) var newVersions: [NewVersion] = []

    struct KnownCall: Sendable {
        var current: CallSnapshot
        var versions: [Int: KnownVersion] = [:]

        /// What became of a version when it came first. Those that were not late came in ascending order, so the lowest
        /// of them made the call known.
        func outcome(of version: Int) -> Receipt.Outcome? {
            guard let known = versions[version] else { return nil }
            if known.isLate { return .stale }
            return version == versions.filter { !$0.value.isLate }.keys.min() ? .accepted : .updated
        }
    }

    struct KnownVersion: Sendable {
        let sha256: String
        let isLate: Bool
    }

    struct MessageKey: Hashable, Sendable {
        let agency: AgencyID
        let messageID: String
    }

    struct HandledMessage: Sendable {
        let outcome: Receipt.Outcome
        let sha256: String
    }

    struct NewVersion: Sendable {
        let snapshot: CallSnapshot
        let sha256: String
        /// It came after a newer one and is history only.
        let isLate: Bool
        let handledAt: Date
    }

    init(lastPosition: Int) {
        self.lastPosition = lastPosition
    }

    /// Notes the receipt and returns the message that carries it to the CAD.
    mutating func answer(_ receipt: Receipt) -> Outgoing {
        lastPosition += 1
        newReceipts.append((lastPosition, receipt))
        if let messageID = receipt.messageId, [.accepted, .updated, .stale].contains(receipt.outcome) {
            handled[MessageKey(agency: receipt.agency, messageID: messageID)] = HandledMessage(
                outcome: receipt.outcome, sha256: receipt.sha256)
        }
        let queue = "receipts.\(receipt.agency)"
        return .direct(
            DirectMessage(
                exchange: "receipts", routingKey: queue, type: "intake.receipt.issued.v1",
                partitionKey: receipt.call?.uuid ?? .v5("agency", receipt.agency.rawValue),
                classification: .operational, body: (try? ContractJSON.encode(receipt)) ?? Data()))
    }

    mutating func add(_ version: NewVersion) {
        newVersions.append(version)
        let call = version.snapshot
        calls[call.id, default: KnownCall(current: call)].versions[call.version] = KnownVersion(
            sha256: version.sha256, isLate: version.isLate)
        guard !version.isLate else { return }
        calls[call.id]?.current = call
        recent.removeAll { $0.id == call.id }
        if let call = RecentCall(call) { recent.append(call) }
    }
}
