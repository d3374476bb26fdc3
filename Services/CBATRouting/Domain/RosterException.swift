import Foundation

/// A dated departure from the weekly shifts: a pair out of service, or another pair riding in its place.
struct RosterException: Sendable, Equatable, Codable {
    enum Kind: String, Sendable, Codable, CaseIterable {
        case outOfService = "out-of-service"
        case swap
    }

    let id: UUID
    let kind: Kind
    /// The pair that does not ride.
    let pairing: String
    /// The pair that rides instead; only with a swap.
    let substitute: String?
    let span: Span
    let reason: String
    let madeBy: String
}

/// Why an exception is refused.
enum RosterConflict: Error, Equatable, CustomStringConvertible {
    case unknownPairing(String)
    case endsBeforeItStarts
    case substituteMissing
    case substituteNotWanted
    case personInTwoCars(String, String)

    var code: String {
        switch self {
        case .unknownPairing: "unknown-pairing"
        case .endsBeforeItStarts: "empty-span"
        case .substituteMissing, .substituteNotWanted: "substitute"
        case .personInTwoCars: "person-in-two-cars"
        }
    }

    var description: String {
        switch self {
        case .unknownPairing(let id): "The roster has no pairing \(id)."
        case .endsBeforeItStarts: "The exception must end after it starts."
        case .substituteMissing: "A swap names another pairing as its substitute."
        case .substituteNotWanted: "Only a swap has a substitute."
        case .personInTwoCars(let first, let second):
            "Somebody of pairing \(first) would ride with pairing \(second) at the same time."
        }
    }
}
