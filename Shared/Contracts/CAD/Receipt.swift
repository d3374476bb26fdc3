public import Foundation

/// Intake's answer to one CAD message, in queue `receipts.<agency>` and at `GET /v1/receipts`.
public struct Receipt: Codable, Sendable, Equatable {
    /// What intake made of the message.
    public struct Outcome: OpenEnumeration {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// First version of a call, or a unit status.
        public static let accepted: Self = "accepted"
        /// A newer version of a known call.
        public static let updated: Self = "updated"
        /// This message, or this version with the same content, was handled before.
        public static let duplicate: Self = "duplicate"
        /// Older than what is known; kept in the history, changes nothing.
        public static let stale: Self = "stale"
        /// Not understood or not allowed; `problems` says why, and nothing changed.
        public static let rejected: Self = "rejected"
        public static let allCases: [Self] = [.accepted, .updated, .duplicate, .stale, .rejected]
    }

    /// Nil when the message was too broken to say.
    public var messageId: String?
    public var agency: AgencyID
    public var outcome: Outcome
    /// For `duplicate`: what the first one was.
    public var original: Outcome?
    public var call: CallID?
    public var callNumber: String?
    /// The call's version that the message carried.
    public var version: Int?
    /// Every reason for `rejected`; empty otherwise.
    public var problems: [Problem]
    /// SHA-256 of the message's bytes, hexadecimal.
    public var sha256: String
    /// When intake decided.
    public var at: Date

    /// One thing wrong with a message, and where: `pointer` is an RFC 6901 JSON pointer into it.
    public struct Problem: Codable, Sendable, Hashable {
        public var pointer: String
        /// Stable and short, for programs; `detail` is for people.
        public var code: String
        public var detail: String

        public init(pointer: String, code: String, detail: String) {
            self.pointer = pointer
            self.code = code
            self.detail = detail
        }
    }

    public init(
        messageId: String?, agency: AgencyID, outcome: Outcome, original: Outcome? = nil, call: CallID? = nil,
        callNumber: String? = nil, version: Int? = nil, problems: [Problem] = [], sha256: String, at: Date
    ) {
        self.messageId = messageId
        self.agency = agency
        self.outcome = outcome
        self.original = original
        self.call = call
        self.callNumber = callNumber
        self.version = version
        self.problems = problems
        self.sha256 = sha256
        self.at = at
    }
}
